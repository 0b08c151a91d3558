"""Ask publishers for their pages: the only network code of intake.

Polite: robots.txt, a pause between requests to one host, few at a time, conditional requests, and waiting when told to wait.
Safe: every hop of a redirect is looked at anew, connections go to public addresses only, and a request ends by itself after
`request_seconds` and `max_bytes`, however slowly or endlessly a server sends.
"""

from __future__ import annotations

import asyncio
import random
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self
from urllib.parse import urljoin, urlsplit

import httpcore
import httpx

from flows.addresses import AddressRefusedError, GuardedBackend, GuardedTransport
from flows.inflate import ENCODINGS, BadEncodingError, Inflater, TooLargeError
from flows.robots import MAX_BYTES, Robots, read_robots
from flows.settings import FetchSettings
from models.fetch import Fetch

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Answers that another try may better"""
_TEXTUAL = ("text/", "html", "xml", "json", "octet-stream", "gzip", "warc")
"""In the type of what is read at all; a page has at least one of them"""
_KEPT_BODY = 65_536
"""Bytes of the body of an error that quarantine is shown"""


class FetchError(Exception):
    """An address that could not be fetched. `passing`: another run may find it in order; `raw`: what came of it."""

    def __init__(self, url: str, reason: str, raw: bytes = b"", passing: bool = True) -> None:
        super().__init__(f"{url}: {reason}")
        self.url = url
        self.reason = reason
        self.raw = raw
        self.passing = passing


class _TryAgainError(Exception):
    def __init__(self, reason: str, raw: bytes = b"", wait: float = 0.0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.raw = raw
        self.wait = wait


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer. `url` is where it was found after redirects; `raw` is empty when it has not `changed`."""

    url: str
    raw: bytes = field(repr=False)
    charset: str | None
    """As the header says"""
    changed: bool
    fetch: Fetch
    """To be remembered once everything in it is kept"""


@dataclass(slots=True)
class _Host:
    """Whose turn it is at one host."""

    gate: asyncio.Semaphore
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    free_at: float = 0.0
    interval: float = 0.0

    async def wait(self) -> None:
        async with self.turn:
            await asyncio.sleep(self.free_at - time.monotonic())
            self.free_at = time.monotonic() + self.interval

    def pause(self, seconds: float) -> None:
        self.free_at = max(self.free_at, time.monotonic() + seconds)


class Fetcher:
    """Fetches for one run. An async context manager; all requests of a run share its hosts, pauses and robots.txt."""

    def __init__(self, settings: FetchSettings, backend: GuardedBackend | None = None) -> None:
        self.settings = settings
        self._hosts: dict[str, _Host] = {}
        self._robots: dict[str, asyncio.Task[Robots]] = {}
        self._client = httpx.AsyncClient(
            transport=GuardedTransport(backend or GuardedBackend(settings.private_hosts), settings.connections),
            headers={
                "User-Agent": settings.user_agent, "Accept-Encoding": ", ".join(ENCODINGS), "Accept": "*/*",
                "Accept-Language": "zh, ar;q=0.9, *;q=0.5",
            },
            trust_env=False, follow_redirects=False, timeout=httpx.Timeout(settings.request_seconds),
        )  # fmt: skip

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for task in self._robots.values():
            task.cancel()
        await asyncio.gather(*self._robots.values(), return_exceptions=True)
        await self._client.aclose()

    async def get(self, url: str, known: Fetch | None = None) -> Fetched:
        """The body at `url`, or that it has not changed since `known`. Raises FetchError."""
        return await self._follow(url, known, None)

    async def download(self, url: str, path: Path, known: Fetch | None = None) -> Fetched:
        """As `get`, into a file, for archives: of at most `max_download` bytes, and kept as packed as it comes."""
        with path.open("wb") as file:
            return await self._follow(url, known, file)

    async def _follow(self, url: str, known: Fetch | None, file: BinaryIO | None) -> Fetched:
        asked, seen = url, {url}
        for _ in range(self.settings.redirects + 1):
            refusal = await self._refusal(url)
            if refusal:
                raise FetchError(asked, _at(asked, url, refusal), passing=False)
            answer = await self._patiently(asked, url, known, file)
            if isinstance(answer, Fetched):
                return answer
            url = answer
            if url in seen:
                raise FetchError(asked, f"redirected in a circle to {url}", passing=False)
            seen.add(url)
        raise FetchError(asked, f"redirected more than {self.settings.redirects} times, last to {url}", passing=False)

    async def _refusal(self, url: str) -> str | None:
        """Why an address is not asked at all."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            return "not an address"
        if parts.scheme not in ("http", "https") or not parts.hostname:
            return "not an address of the web"
        if parts.username or parts.password:
            return "an address with a name and password in it"
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self._robots:
            self._robots[origin] = asyncio.create_task(self._read_robots(origin, f"{parts.hostname}:{port or parts.scheme}"))
        robots = await asyncio.shield(self._robots[origin])
        return robots.refusal(url, self.settings.user_agent)

    async def _read_robots(self, origin: str, host: str) -> Robots:
        url, robots = f"{origin}/robots.txt", Robots()
        try:
            for _ in range(self.settings.redirects + 1):
                answer = await self._patiently(url, url, None, None)
                if isinstance(answer, Fetched):
                    robots = read_robots(answer.raw[:MAX_BYTES])
                    break
                url = answer
        except FetchError as error:
            # A host without the file lets everything be read; one that cannot say so now is left alone.
            robots = Robots(closed=f"robots.txt cannot be read: {error.reason}") if error.passing else Robots()
        self._host(host).interval = max(self.settings.interval, robots.delay(self.settings.user_agent))
        return robots

    def _host(self, host: str) -> _Host:
        if host not in self._hosts:
            self._hosts[host] = _Host(asyncio.Semaphore(self.settings.per_host), interval=self.settings.interval)
        return self._hosts[host]

    async def _patiently(self, asked: str, url: str, known: Fetch | None, file: BinaryIO | None) -> Fetched | str:
        """The answer of one hop, or the address it points to. What may pass is tried again, later each time."""
        parts = urlsplit(url)
        host = self._host(f"{parts.hostname}:{parts.port or parts.scheme}")
        for attempt in range(self.settings.retries + 1):
            try:
                async with host.gate:
                    await host.wait()
                    return await self._bounded(asked, url, known, file)
            except _TryAgainError as trouble:
                wait = max(trouble.wait, self.settings.backoff * 2**attempt * random.uniform(0.8, 1.2))
                if wait > self.settings.max_wait:
                    reason = f"{trouble.reason}, and asks to wait {wait:,.0f} seconds"
                    raise FetchError(asked, _at(asked, url, reason), trouble.raw) from None
                if attempt == self.settings.retries:
                    reason = f"{trouble.reason}, {attempt + 1} times" if attempt else trouble.reason
                    raise FetchError(asked, _at(asked, url, reason), trouble.raw) from None
                host.pause(wait)
        raise AssertionError(url)

    async def _bounded(self, asked: str, url: str, known: Fetch | None, file: BinaryIO | None) -> Fetched | str:
        """One request, with every failure in our own words."""
        seconds = self.settings.request_seconds if file is None else self.settings.source_seconds
        try:
            async with asyncio.timeout(seconds):
                return await self._request(asked, url, known, file)
        except TimeoutError:
            raise _TryAgainError(f"no complete answer within {seconds:g} seconds") from None
        except (AddressRefusedError, TooLargeError) as error:
            raise FetchError(asked, _at(asked, url, str(error)), passing=False) from None
        except BadEncodingError as error:
            raise _TryAgainError(str(error)) from None
        except (httpcore.TimeoutException, httpx.TimeoutException):
            raise _TryAgainError(f"no answer within {seconds:g} seconds") from None
        except (httpx.InvalidURL, httpx.RemoteProtocolError) as error:  # the latter for where a redirect points to
            raise FetchError(asked, _at(asked, url, f"not an address: {error}"), passing=False) from None
        except (httpcore.NetworkError, httpcore.ProtocolError, httpx.TransportError, OSError) as error:
            if "CERTIFICATE_VERIFY_FAILED" in str(error):
                raise FetchError(asked, _at(asked, url, f"no trusted connection: {error}"), passing=False) from None
            raise _TryAgainError(f"the connection failed: {error or type(error).__name__}") from None

    async def _request(self, asked: str, url: str, known: Fetch | None, file: BinaryIO | None) -> Fetched | str:
        headers = _conditions(known)
        async with self._client.stream("GET", url, headers=headers) as response:
            status = response.status_code
            if status in _REDIRECTS and "location" in response.headers:
                return urljoin(url, response.headers["location"]).partition("#")[0]
            if status == 304 and known is not None:
                return Fetched(url, b"", None, False, _fetch(asked, response, known))
            if status != 200:
                raise await self._told_off(asked, url, response)
            kind = response.headers.get("content-type", "").lower()
            if kind and not any(part in kind for part in _TEXTUAL):
                raise FetchError(asked, _at(asked, url, f"{kind.partition(';')[0]}, neither a page nor a feed"), passing=False)
            raw = await self._body(response) if file is None else await self._save(response, file)
            return Fetched(url, raw, response.charset_encoding, True, _fetch(asked, response, None))

    async def _told_off(self, asked: str, url: str, response: httpx.Response) -> Exception:
        reason = f"HTTP status {response.status_code} {response.reason_phrase}".rstrip()
        raw = b""
        async for piece in response.aiter_raw():
            raw += piece
            if len(raw) >= _KEPT_BODY:
                break
        if response.status_code in _PASSING:
            return _TryAgainError(reason, raw[:_KEPT_BODY], _retry_after(response.headers.get("retry-after")))
        return FetchError(asked, _at(asked, url, reason), raw[:_KEPT_BODY], passing=response.status_code >= 500)

    async def _body(self, response: httpx.Response) -> bytes:
        limit = self.settings.max_bytes
        _check_length(response, limit)
        inflater = Inflater(response.headers.get("content-encoding", ""), limit)
        sent = 0
        async for piece in response.aiter_raw():
            sent += len(piece)
            if sent > limit:
                raise TooLargeError(f"too large: more than {limit:,} bytes")
            inflater.feed(piece)
        return inflater.finish()

    async def _save(self, response: httpx.Response, file: BinaryIO) -> bytes:
        limit = self.settings.max_download
        _check_length(response, limit)
        if response.headers.get("content-encoding", "identity").lower() != "identity":
            raise BadEncodingError("packed twice: an archive is sent as it is")
        file.seek(0)
        file.truncate()
        async for piece in response.aiter_raw():
            if file.tell() + len(piece) > limit:
                raise TooLargeError(f"too large: more than {limit:,} bytes")
            file.write(piece)
        return b""


def _check_length(response: httpx.Response, limit: int) -> None:
    said = response.headers.get("content-length", "")
    if said.isdigit() and int(said) > limit:
        raise TooLargeError(f"too large: {int(said):,} bytes, more than {limit:,}")


def _at(asked: str, url: str, reason: str) -> str:
    """The reason, with where it arose when that is behind a redirect."""
    return reason if asked == url else f"redirected to {url}: {reason}"


def _conditions(known: Fetch | None) -> dict[str, str]:
    if known is None:
        return {}
    told = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
    return {name: value for name, value in told.items() if value}


def _fetch(asked: str, response: httpx.Response, known: Fetch | None) -> Fetch:
    def told(name: str, before: str | None) -> str | None:
        value: str | None = response.headers.get(name)
        return value or before

    return Fetch(
        asked, told("etag", known.etag if known else None), told("last-modified", known.last_modified if known else None),
        datetime.now(UTC).isoformat(timespec="seconds"),
    )  # fmt: skip


def _retry_after(said: str | None) -> float:
    """Seconds, from a number or a date; 0 when nothing is said.

    >>> _retry_after("120"), _retry_after(None), _retry_after("soon")
    (120.0, 0.0, 0.0)
    """
    if not said:
        return 0.0
    if said.strip().isdigit():
        return float(said)
    try:
        return max(0.0, (parsedate_to_datetime(said) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return 0.0
