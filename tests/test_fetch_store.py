"""A run over sources on the network, into the store: new, unchanged and changed articles, faults in quarantine, nothing lost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from unittest import mock

import pytest
from sqlalchemy import select

from flows import intake as intake_module
from flows import stages
from flows.settings import FetchSettings
from flows.stages import Intake
from models.engine import reading
from models.fetch import Fetch
from models.fetches import known_fetches
from models.schema import document, document_version
from models.store import Store
from tests.publishers import TEXTS, article_page, declared, item, row, rss
from tests.test_fetch import drip, endless, silent, truncated
from tests.web import Web, status, to, web

HANT = TEXTS["zh-Hant"]
XML = "application/xml; charset=utf-8"
HERE = FetchSettings(
    private_hosts=("127.0.0.1",), interval=0.0, per_host=8, request_seconds=1.0, source_seconds=30.0, max_bytes=200_000,
    retries=1, backoff=0.01, max_wait=0.5,
)  # fmt: skip


@pytest.fixture
def site() -> Iterator[Web]:
    with web() as running:
        yield running


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path / 'deals.db'}") as opened:
        yield opened


class Noon(datetime):
    """The clock of the day after the pages were published."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:
        """Noon of it."""
        return datetime(2025, 12, 18, 12, tzinfo=tz)


def night(store: Store, *source_ids: str, settings: FetchSettings = HERE) -> Intake:
    run_id = store.begin_run(datetime.now(UTC), "code", "inputs")
    with mock.patch.object(intake_module, "datetime", Noon):
        return stages.fetch(store, run_id, source_ids, settings, lambda _: None)


def versions(store: Store) -> dict[str, list[str]]:
    """Titles of every version, by address."""
    v, d = document_version.c, document.c
    query = select(d.url, v.title).join(document, d.number == v.document).order_by(d.url, v.number)
    told: dict[str, list[str]] = {}
    with reading(store.engine) as connection:
        for url, title in connection.execute(query):
            told.setdefault(url, []).append(title)
    return told


def feed(site: Web, *paths: str) -> None:
    site.serve("/rss", rss(*(item(site.url(path), "標題", HANT) for path in paths)).encode(), XML)


def test_what_came_once_is_known_the_next_night_and_a_change_is_a_new_version(site: Web, store: Store) -> None:
    feed(site, "/a", "/b")
    for path in ("/a", "/b"):
        site.serve(path, article_page("zh-Hant").encode(), ETag=f'"{path}"')
    with declared({"paper": row(feeds=[site.url("/rss")])}):
        first, second = night(store, "paper"), night(store, "paper")
        site.serve("/b", article_page("zh-Hant", title="甲公司收購乙公司案生變").encode(), ETag='"new"')
        third = night(store, "paper")
    assert (first.new, second.new, second.changed, second.unchanged) == (2, 0, 0, 2)
    assert (third.new, third.changed, third.unchanged) == (0, 1, 1)
    assert first.sources["paper"].articles == second.sources["paper"].articles == third.sources["paper"].articles == 2
    assert [len(titles) for titles in versions(store).values()] == [1, 2]
    assert versions(store)[site.url("/b")][-1] == "甲公司收購乙公司案生變"


def test_one_page_under_two_addresses_is_one_document(site: Web, store: Store) -> None:
    feed(site, "/m/a", "/a?utm_source=rss&utm_medium=feed")
    own = f"<link rel='canonical' href='{site.url('/a')}'>"
    for path in ("/m/a", "/a?utm_source=rss&utm_medium=feed"):
        site.serve(path, article_page("zh-Hant", extra=own).encode())
    with declared({"paper": row(feeds=[site.url("/rss").replace("&", "&amp;")])}):
        site.serve("/rss", rss(*(item(site.url(path).replace("&", "&amp;"), "標題", HANT) for path in (
            "/m/a", "/a?utm_source=rss&utm_medium=feed"))).encode(), XML)  # fmt: skip
        taken = night(store, "paper")
    assert (taken.new, taken.unchanged) == (1, 1)
    assert list(versions(store)) == [site.url("/a")]


FAULTS = {
    "/500": (status(500), "HTTP status 500 Internal Server Error, 2 times"),
    "/torn": (truncated, "the connection failed"),
    "/loop": (to("/loop"), "redirected in a circle"),
    "/drip": (drip(3), "no complete answer within 1 seconds"),
    "/silent": (silent, "within 1 seconds, 2 times"),
    "/endless": (endless, "too large: more than 200,000 bytes"),
    "/hop0": (to("/hop1"), "redirected more than 5 times"),
    "/gone": (status(404), "HTTP status 404"),
}


def test_faults_are_in_quarantine_and_leave_it_when_they_pass(site: Web, store: Store) -> None:
    site.pages |= {f"/hop{n}": to(f"/hop{n + 1}") for n in range(1, 9)}
    for path, (reply, _) in FAULTS.items():
        site.pages[path] = reply
    site.serve("/noise", bytes(range(256)) * 40)
    site.serve("/empty", b"<html><body><script>x()</script></body></html>")
    site.serve("/good", article_page("zh-Hant").encode())
    feed(site, *FAULTS, "/noise", "/empty", "/good")
    with declared({"paper": row(feeds=[site.url("/rss")])}):
        first = night(store, "paper")
        held = {one.where.removeprefix(site.url("")): (one.stage, one.reason) for one in store.quarantine()}
        for path in FAULTS:
            site.serve(path, article_page("zh-Hant", title=f"甲公司消息{path[1:]}").encode())
        second = night(store, "paper")
    assert set(held) == {*FAULTS, "/noise", "/empty"}
    for path, (_, reason) in FAULTS.items():
        assert held[path][0] == "fetch"
        assert reason in held[path][1]
    assert held["/noise"] == ("intake", "binary, not text")
    assert held["/empty"] == ("intake", "HTML without a body of text")
    assert first.quarantined == len(FAULTS) + 2
    assert first.new == 1 + len(FAULTS)  # the words of the feed stand in for the pages that failed
    assert (second.new, second.changed) == (0, len(FAULTS))
    assert {one.where for one in store.quarantine()} == {site.url("/noise"), site.url("/empty")}


@pytest.mark.parametrize(
    ("tag", "charset", "said"),
    [
        ("zh-Hant", "big5", ("utf-8", "utf-8")), ("zh-Hans", "gbk", ("iso-8859-1", "utf-8")),
        ("zh-Hans", "utf-8", ("gb2312", "gbk")), ("ar", "windows-1256", ("utf-8", "iso-8859-1")),
        ("ar", "utf-8", ("windows-1252", "windows-1256")),
    ],
)  # fmt: skip
def test_a_charset_that_server_and_page_say_wrong_is_read_right(
    site: Web, store: Store, tag: str, charset: str, said: tuple[str, str]
) -> None:
    header, meta = said
    page = article_page(tag, extra=f'<meta charset="{meta}">')
    site.serve("/a", page.encode(charset), f"text/html; charset={header}")
    feed(site, "/a")
    with declared({"paper": row(feeds=[site.url("/rss")])}):
        assert night(store, "paper").new == 1
    with reading(store.engine) as connection:
        (text,) = connection.execute(select(document_version.c.text)).scalars()
    assert TEXTS[tag].split("\n")[0] in text


def test_a_crash_before_the_articles_are_kept_forgets_the_answers(site: Web, store: Store) -> None:
    feed(site, "/a")
    site.serve("/a", article_page("zh-Hant").encode(), ETag='"a"')

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    with declared({"paper": row(feeds=[site.url("/rss")])}):
        with mock.patch.object(Store, "add_documents", crash), pytest.raises(KeyboardInterrupt):
            night(store, "paper")
        assert known(store, [site.url("/a"), site.url("/rss")]) == {}
        assert night(store, "paper").new == 1
        assert set(known(store, [site.url("/a"), site.url("/rss")])) == {site.url("/a"), site.url("/rss")}


def known(store: Store, urls: Sequence[str]) -> dict[str, Fetch]:
    return known_fetches(store.engine, urls)


def test_the_time_of_a_source_is_bounded(site: Web, store: Store) -> None:
    feed(site, *(f"/{n}" for n in range(100)))
    for n in range(100):
        site.serve(f"/{n}", article_page("zh-Hant").encode())
    settings = FetchSettings(private_hosts=("127.0.0.1",), interval=0.3, source_seconds=6, retries=0)
    with declared({"paper": row(feeds=[site.url("/rss")])}):
        taken = night(store, "paper", settings=settings)
    assert 0 < taken.new < 100
    assert [one.where for one in store.quarantine()] == ["paper"]
