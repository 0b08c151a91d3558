"""Polite and safe fetching, against a server on loopback that misbehaves: every request ends by itself and says why."""

from __future__ import annotations

import asyncio
import gzip
import time
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from flows.addresses import GuardedBackend, is_public
from flows.fetch import Fetched, Fetcher, FetchError
from flows.inflate import BadEncodingError, Inflater, TooLargeError
from flows.settings import FetchSettings, SettingError, fetch_settings
from models.fetch import Fetch
from tests.web import Handler, Reply, Web, status, to, web

QUICK = FetchSettings(
    private_hosts=("127.0.0.1",), interval=0.0, request_seconds=1.0, source_seconds=20.0, max_bytes=100_000,
    max_download=100_000, retries=1, backoff=0.01, max_wait=0.5, redirects=3,
)  # fmt: skip


@pytest.fixture
def site() -> Iterator[Web]:
    with web() as running:
        yield running


def get(site: Web, *paths: str, settings: FetchSettings = QUICK, known: Fetch | None = None) -> list[Fetched | FetchError]:
    """The answer or error of each path, asked for at once."""

    async def one(fetcher: Fetcher, path: str) -> Fetched | FetchError:
        try:
            return await fetcher.get(path if path.startswith("http") else site.url(path), known)
        except FetchError as error:
            return error

    async def everything() -> list[Fetched | FetchError]:
        async with Fetcher(settings) as fetcher:
            return list(await asyncio.gather(*(one(fetcher, path) for path in paths)))

    return asyncio.run(everything())


def raw(site: Web, path: str) -> bytes:
    (answer,) = get(site, path)
    assert isinstance(answer, Fetched), answer
    return answer.raw


def refused(site: Web, path: str, settings: FetchSettings = QUICK) -> FetchError:
    (answer,) = get(site, path, settings=settings)
    assert isinstance(answer, FetchError), answer
    return answer


def test_a_page_comes_as_it_is_with_its_charset(site: Web) -> None:
    site.serve("/a", "頭條".encode("big5"), "text/html; charset=Big5")
    (answer,) = get(site, "/a")
    assert isinstance(answer, Fetched)
    assert (answer.raw.decode("big5"), answer.charset, answer.changed, answer.url) == ("頭條", "big5", True, site.url("/a"))
    (asked,) = [one for one in site.asked if one.path == "/a"]
    assert asked.headers["user-agent"].startswith("dealwire/")
    assert asked.headers["accept-encoding"] == "gzip, deflate"


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("gzip", gzip.compress(b"news" * 100)),
        ("gzip", gzip.compress(b"news" * 50) + gzip.compress(b"news" * 50)),
        ("gzip", gzip.compress(b"news" * 100) + b"\x00" * 20),
        ("deflate", zlib.compress(b"news" * 100)),
        ("deflate", zlib.compress(b"news" * 100)[2:-4]),
    ],
)
def test_packed_bodies_are_unpacked(site: Web, encoding: str, packed: bytes) -> None:
    site.serve("/a", packed, Content_Encoding=encoding)
    assert raw(site, "/a") == b"news" * 100


def test_a_bomb_is_refused_before_it_fills_the_memory(site: Web) -> None:
    site.serve("/bomb", gzip.compress(b"\x00" * 50_000_000), Content_Encoding="gzip")
    assert "too large: more than 100,000 bytes" in refused(site, "/bomb").reason
    inflater = Inflater("gzip", 1000)
    with pytest.raises(TooLargeError):
        inflater.feed(gzip.compress(b"\x00" * 50_000_000))
    assert len(inflater.kept) <= 1001


def test_an_encoding_that_is_a_lie_or_was_not_asked_for_is_told(site: Web) -> None:
    site.serve("/lie", b"<html>plain</html>", Content_Encoding="gzip")
    site.serve("/br", b"\x0b\x02\x80news\x03", Content_Encoding="br")
    site.serve("/torn", gzip.compress(b"news" * 1000)[:-20], Content_Encoding="gzip")
    assert "not gzip, as it says" in refused(site, "/lie").reason
    assert "sent as br, which was not asked for" in refused(site, "/br").reason
    assert "the gzip body breaks off" in refused(site, "/torn").reason
    with pytest.raises(BadEncodingError):
        Inflater("zstd", 10)


def drip(seconds: float) -> Reply:
    """One byte at a time: every read succeeds, the whole never does."""

    def reply(handler: Handler, _: int) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/html")
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        for _ in range(int(seconds / 0.1)):
            handler.wfile.write(b"x")
            handler.wfile.flush()
            time.sleep(0.1)

    return reply


def drip_headers(handler: Handler, _: int) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    for number in range(60):
        handler.wfile.write(b"X-%d: y\r\n" % number)
        handler.wfile.flush()
        time.sleep(0.1)


def silent(handler: Handler, _: int) -> None:
    time.sleep(5)


def truncated(handler: Handler, _: int) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b"half")
    handler.close_connection = True


def endless(handler: Handler, _: int) -> None:
    handler.send_response(200)
    handler.send_header("Connection", "close")
    handler.end_headers()
    while True:
        handler.wfile.write(b"x" * 10_000)


def nonsense(handler: Handler, _: int) -> None:
    handler.wfile.write(b"\x00\x01\x02 this is no HTTP\r\n\r\n")
    handler.close_connection = True


FAULTS: dict[str, tuple[Reply, str]] = {
    "/drip": (drip(6), "no complete answer within 1 seconds, 2 times"),
    "/headers": (drip_headers, "no complete answer within 1 seconds, 2 times"),
    "/silent": (silent, "within 1 seconds, 2 times"),
    "/torn": (truncated, "the connection failed"),
    "/endless": (endless, "too large: more than 100,000 bytes"),
    "/nonsense": (nonsense, "the connection failed"),
    "/500": (status(500, b"sorry"), "HTTP status 500 Internal Server Error, 2 times"),
    "/404": (status(404), "HTTP status 404 Not Found"),
    "/large": (status(200, b"", Content_Length="99999999"), "too large: 99,999,999 bytes, more than 100,000"),
    "/picture": (status(200, b"\x89PNG", Content_Type="image/png"), "image/png, neither a page nor a feed"),
    "/away": (to("ftp://127.0.0.1/x"), "redirected to ftp://127.0.0.1/x: not an address of the web"),
    "/self": (to("/self"), "redirected in a circle"),
    "/name": (to("http://user:word@127.0.0.1/"), "an address with a name and password in it"),
    "/broken": (to("http://[::1"), "not an address: Invalid URL in location header"),
}


def test_whatever_a_server_does_the_requests_end_and_say_why(site: Web) -> None:
    site.pages |= {path: reply for path, (reply, _) in FAULTS.items()}
    site.pages |= {f"/hop{n}": to(f"/hop{n + 1}") for n in range(10)}
    answers = get(site, *FAULTS, "/hop0", settings=replace(QUICK, per_host=32))
    for path, answer in zip(FAULTS, answers, strict=False):
        assert isinstance(answer, FetchError), path
        assert FAULTS[path][1] in answer.reason, (path, answer.reason)
    assert "redirected more than 3 times" in str(answers[-1])
    kept = {answer.url: answer.raw for answer in answers if isinstance(answer, FetchError)}
    assert kept[site.url("/500")] == b"sorry"


def test_what_may_pass_is_tried_again_and_what_will_not_is_not(site: Web) -> None:
    site.pages["/shaky"] = lambda handler, before: handler.send(200 if before else 503, b"news", {"Content-Type": "text/html"})
    site.pages["/gone"] = status(410)
    assert raw(site, "/shaky") == b"news"
    assert not refused(site, "/gone").passing
    assert site.paths() == ["/shaky", "/shaky", "/gone"]


def test_a_host_is_waited_for_as_long_as_it_asks_within_bounds(site: Web) -> None:
    def busy(handler: Handler, before: int) -> None:
        handler.send(200 if before else 429, b"news", {"Content-Type": "text/html", "Retry-After": "1"})

    site.pages["/busy"] = busy
    (answer,) = get(site, "/busy", settings=replace(QUICK, max_wait=5))
    assert isinstance(answer, Fetched)
    first, second = (one.at for one in site.asked if one.path == "/busy")
    assert second - first >= 1
    site.pages["/later"] = status(503, Retry_After="3600")
    assert "asks to wait 3,600 seconds" in refused(site, "/later").reason
    assert site.paths().count("/later") == 1


def test_only_what_has_changed_is_sent_again(site: Web) -> None:
    site.serve("/a", b"news", ETag='"v1"', Last_Modified="Wed, 17 Dec 2025 00:00:00 GMT")
    (first,) = get(site, "/a")
    assert isinstance(first, Fetched)
    assert (first.fetch.url, first.fetch.etag) == (site.url("/a"), '"v1"')
    (second,) = get(site, "/a", known=first.fetch)
    assert isinstance(second, Fetched)
    assert (second.changed, second.raw) == (False, b"")
    assert (second.fetch.etag, second.fetch.last_modified) == ('"v1"', "Wed, 17 Dec 2025 00:00:00 GMT")
    assert site.asked[-1].headers["if-modified-since"] == "Wed, 17 Dec 2025 00:00:00 GMT"


def test_requests_to_a_host_keep_their_distance_and_few_are_under_way(site: Web) -> None:
    under_way = [0, 0]

    def slow(handler: Handler, _: int) -> None:
        under_way[0] += 1
        under_way[1] = max(under_way)
        time.sleep(0.1)
        under_way[0] -= 1
        handler.send(200, b"news", {"Content-Type": "text/html"})

    site.pages |= {f"/{n}": slow for n in range(6)}
    assert all(isinstance(one, Fetched) for one in get(site, *(f"/{n}" for n in range(6)), settings=replace(QUICK, per_host=2)))
    assert under_way[1] <= 2
    site.asked.clear()
    began = time.monotonic()  # a server under load notes a request late, so distances between its notes prove nothing
    get(site, "/0", "/1", "/2", settings=replace(QUICK, interval=0.3))
    times = [one.at - began for one in site.asked]
    assert site.paths() == ["/0", "/1", "/2"]
    assert all(at >= 0.3 * before for before, at in enumerate(times)), times


def test_robots_are_obeyed(site: Web) -> None:
    rules = b"User-agent: dealwire\nDisallow: /private\nCrawl-delay: 0.4\n\nUser-agent: *\nDisallow: /\n"
    site.serve("/robots.txt", rules, "text/plain")
    site.serve("/a", b"news")
    site.pages["/hop"] = to("/private/b")
    began = time.monotonic()
    allowed, private, hop = get(site, "/a", "/private/x", "/hop")
    assert isinstance(allowed, Fetched)
    assert isinstance(private, FetchError)
    assert private.reason == "robots.txt does not allow it"
    assert isinstance(hop, FetchError)
    assert hop.reason.endswith("/private/b: robots.txt does not allow it")
    assert site.paths() == ["/a", "/hop"]
    assert site.asked[-1].at - began >= 0.4  # Crawl-delay


def test_a_host_whose_robots_cannot_be_read_is_left_alone(site: Web) -> None:
    site.pages["/robots.txt"] = status(503)
    site.serve("/a", b"news")
    error = refused(site, "/a")
    assert error.reason == "robots.txt cannot be read: HTTP status 503 Service Unavailable, 2 times"
    assert site.paths() == []


def test_private_addresses_are_not_connected_to(site: Web) -> None:
    site.serve("/a", b"secret")
    error = refused(site, "/a", replace(QUICK, private_hosts=()))
    assert error.reason == "127.0.0.1 is at 127.0.0.1, which is not a public address"
    assert not error.passing
    assert site.asked == []


def test_a_redirect_to_a_private_address_is_not_followed(site: Web) -> None:
    site.pages["/a"] = to(site.url("/secret").replace("127.0.0.1", "localhost"))
    site.serve("/secret", b"secret")
    assert "localhost is at" in refused(site, "/a").reason
    assert "/secret" not in site.paths()


def test_a_name_is_looked_up_once_and_that_address_connected_to(site: Web) -> None:
    """A name that answers with a public address first and a private one later gains nothing: no second look is taken."""
    answers = [["93.184.216.34", "127.0.0.1"], ["127.0.0.1"]]
    looked: list[str] = []

    async def changing(host: str, port: int) -> list[str]:
        looked.append(host)
        return answers[min(len(looked) - 1, 1)]

    async def ask() -> str:
        async with Fetcher(QUICK, GuardedBackend(resolve=changing)) as fetcher:
            try:
                await fetcher.get(site.url("/a").replace("127.0.0.1", "rebind.example"))
            except FetchError as error:
                return error.reason
        return "fetched"

    assert asyncio.run(ask()) == "rebind.example is at 127.0.0.1, which is not a public address"
    assert site.asked == []


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "224.0.0.1", "::1", "::",
     "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::"],
)  # fmt: skip
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "64:ff9b::5db8:d822"])
def test_addresses_that_are_public(address: str) -> None:
    assert is_public(address)


def test_an_archive_is_saved_as_it_is_within_its_size(site: Web, tmp_path: Path) -> None:
    packed = gzip.compress(b"WARC", mtime=0)
    site.serve("/a.warc.gz", packed, "application/gzip")
    site.serve("/b.warc.gz", b"x" * 200_000, "application/gzip")

    async def save() -> tuple[bytes, str]:
        async with Fetcher(QUICK) as fetcher:
            await fetcher.download(site.url("/a.warc.gz"), tmp_path / "a")
            try:
                await fetcher.download(site.url("/b.warc.gz"), tmp_path / "b")
            except FetchError as error:
                return (tmp_path / "a").read_bytes(), error.reason
        return b"", ""

    assert asyncio.run(save()) == (packed, "too large: 200,000 bytes, more than 100,000")


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEALWIRE_FETCH_PRIVATE_HOSTS", "intranet.example, 127.0.0.1")
    monkeypatch.setenv("DEALWIRE_FETCH_INTERVAL", "2.5")
    monkeypatch.setenv("DEALWIRE_FETCH_CONTACT", "news@example.com")
    settings = fetch_settings()
    assert (settings.private_hosts, settings.interval) == (("intranet.example", "127.0.0.1"), 2.5)
    assert settings.user_agent.endswith("(+news@example.com)")
    for value in ("soon", "-1", "nan"):
        monkeypatch.setenv("DEALWIRE_FETCH_INTERVAL", value)
        with pytest.raises(SettingError, match="DEALWIRE_FETCH_INTERVAL"):
            fetch_settings()
