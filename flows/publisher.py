"""One source on the network: its listings, what they list, and what of that is worth asking for."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from corpus.source_table import Source
from extractors.address import tidy_address
from extractors.listing import Entry, Listing, NotAListingError, read_feed, read_items, read_links, read_sitemap
from flows.fetch import Fetched, Fetcher, FetchError
from flows.inflate import BadEncodingError, Inflater, TooLargeError
from flows.readers import Answered, Found, Rejected, decode_markup, found_entry, kind_of
from models.errors import InputError
from models.fetch import Fetch

_NESTED = 2
"""Sitemap indexes within each other that are followed"""
_BATCH = 100
"""Pages of one source that wait for their turn at a time"""
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class FetchedPage:
    """A page as it came. `entry` is what its listing says of it."""

    url: str
    raw: bytes = field(repr=False)
    charset: str | None
    source_id: str
    entry: Entry


@dataclass(frozen=True, slots=True)
class FetchedFile:
    """An archive in a file of its own, to be removed once it is read."""

    path: Path
    where: str
    source_id: str


Handed = Found | Rejected | Answered | FetchedPage | FetchedFile


@dataclass(frozen=True, slots=True)
class Shared:
    """What all sources of a run have in common. `known` gives the last fetch of addresses, `hand` takes what is found."""

    fetcher: Fetcher
    known: Callable[[Sequence[str]], dict[str, Fetch]]
    today: date
    folder: Path
    hand: Callable[[Handed], Awaitable[None]]


class Publisher:
    """One source in one run."""

    def __init__(self, source_id: str, row: Source, shared: Shared) -> None:
        self.source_id = source_id
        self.row = row
        self._fetcher = shared.fetcher
        self._known = shared.known
        self._today = shared.today
        self._folder = shared.folder
        self._hand = shared.hand
        self._listed: set[str] = set()

    async def run(self) -> None:
        """Everything of the source, within its time."""
        if self.row.valid_until and self._today > self.row.valid_until:
            reason = f"not asked: the source is valid until {self.row.valid_until}; look at it again and change that day"
            await self._hand(Rejected(f"corpus/sources/{self.source_id}.toml", reason, b"", "address"))
            return
        seconds = self._fetcher.settings.source_seconds
        try:
            async with asyncio.timeout(seconds):
                for feed in self.row.feeds:
                    url = feed.replace("{year}", f"{self._today:%Y}").replace("{month}", f"{self._today:%m}")
                    await (self._files(url) if self.row.kind in ("jsonl", "warc") else self._list(url))
        except TimeoutError:
            reason = f"stopped after {seconds:g} seconds; the next run takes what is left"
            await self._hand(Rejected(self.source_id, reason, b"", "address"))

    async def _last(self, urls: Sequence[str]) -> dict[str, Fetch]:
        return await asyncio.to_thread(self._known, urls)

    async def _files(self, url: str) -> None:
        """A file to download, or those of a list that are new, the last ones first."""
        if not url.endswith(".paths.gz"):
            await self._download(url)
            return
        try:
            answer = await self._fetcher.get(url)
            names = _unpacked(answer.raw, self._fetcher.settings.max_bytes).decode("utf-8", "replace").split()
        except (FetchError, BadEncodingError, TooLargeError) as error:
            raw = error.raw if isinstance(error, FetchError) else answer.raw
            await self._hand(Rejected(url, getattr(error, "reason", str(error)), raw, "address"))
            return
        files = [urljoin(url, f"/{name}") for name in reversed(names)]
        last = await self._last(files)
        for file in [file for file in files if file not in last][: self.row.max_files]:
            await self._download(file)

    async def _download(self, url: str) -> None:
        name = urlsplit(url).path.rpartition("/")[2]
        path = self._folder / f"{self.source_id}-{len(self._listed)}-{name if kind_of(Path(name)) else f'file.{self.row.kind}'}"
        self._listed.add(url)
        try:
            answer = await self._fetcher.download(url, path, (await self._last([url])).get(url))
        except FetchError as error:
            await self._hand(Rejected(url, error.reason, error.raw, "address"))
            return
        if answer.changed:
            await self._hand(FetchedFile(path, url, self.source_id))
        await self._hand(Answered(self.source_id, (answer.fetch,), 0 if answer.changed else self.row.min_articles))

    async def _list(self, url: str, nested: int = 0) -> bool:
        """One listing and all it lists; whether nothing of it has to be asked for again."""
        try:
            answer = await self._fetcher.get(url, (await self._last([url])).get(url))
        except FetchError as error:
            await self._hand(Rejected(url, error.reason, error.raw, "address"))
            return False
        if not answer.changed:  # as many articles as are normal, none of them new
            await self._hand(Answered(self.source_id, (answer.fetch,), self.row.min_articles))
            return True
        try:
            listing = await asyncio.to_thread(self._read, answer)
        except (InputError, NotAListingError, BadEncodingError, TooLargeError) as error:
            reason = error.reason if isinstance(error, InputError) else str(error)
            await self._hand(Rejected(url, reason, answer.raw, "address"))
            return False
        whole = await self._entries(url, listing)
        for more in listing.more:
            if more.url and nested < _NESTED and self.row.holds(more.url) and not self._is_old(more.changed):
                whole = await self._list(more.url, nested + 1) and whole
        if whole:  # else the listing must come again, so that what is missing is asked for again
            await self._hand(Answered(self.source_id, (answer.fetch,)))
        return whole

    def _read(self, answer: Fetched) -> Listing:
        raw = _unpacked(answer.raw, self._fetcher.settings.max_bytes)
        text = decode_markup(raw, answer.url, answer.charset)
        if self.row.kind == "rss":
            return read_feed(text, answer.url)
        if self.row.kind == "sitemap":
            return read_sitemap(text)
        if self.row.selectors.item:
            return read_items(text, answer.url, self.row.selectors)
        return read_links(text, answer.url, self.row.links, self.row.selectors)

    async def _entries(self, url: str, listing: Listing) -> bool:
        fresh = [entry for entry in listing.entries if self._is_wanted(entry)]
        room = self.row.max_articles - len(self._listed)
        if len(fresh) > room:
            reason = f"lists more than {self.row.max_articles:,} articles, the most of a night: the others are left out"
            await self._hand(Rejected(url, reason, b"", "address"))
        whole = True
        for start in range(0, min(len(fresh), room), _BATCH):
            batch = fresh[start : min(start + _BATCH, room)]
            self._listed |= {_key(entry) for entry in batch}
            last = await self._last([entry.url for entry in batch if entry.url])
            places = (f"{url}:{start + number}" for number in range(1, len(batch) + 1))
            done = (self._entry(at, one, listing, last.get(one.url or "")) for at, one in zip(places, batch, strict=True))
            whole = all(await asyncio.gather(*done)) and whole
        return whole

    def _is_wanted(self, entry: Entry) -> bool:
        dated = entry.published.value if entry.published else entry.changed
        named = not (self.row.links and entry.url) or re.search(self.row.links, entry.url)
        return bool(named) and _key(entry) not in self._listed and not self._is_old(dated)

    def _is_old(self, dated: str | None) -> bool:
        return dated is not None and date.fromisoformat(dated[:10]) < self._today - timedelta(days=self.row.max_age_days)

    async def _entry(self, where: str, entry: Entry, listing: Listing, last: Fetch | None) -> bool:
        """One entry: its page, or what the listing carries of it. Whether it need not be asked for again."""
        if not (entry.url and self._has_page(entry.url)):
            await self._hand(found_entry(where, entry, listing, self.source_id))
            return True
        if last and _is_before(entry.changed, last.fetched_at):
            await self._hand(Answered(self.source_id, unchanged=1))
            return True
        try:
            answer = await self._fetcher.get(entry.url, last)
        except FetchError as error:
            await self._hand(Rejected(entry.url, error.reason, error.raw, "address"))
            if entry.text and last is None:  # the listing's own words are better than nothing, but not than an earlier page
                await self._hand(found_entry(where, entry, listing, self.source_id))
            return not error.passing
        if answer.changed:
            page = FetchedPage(tidy_address(answer.url), answer.raw, answer.charset, self.source_id, entry)
            await self._hand(page)
        await self._hand(Answered(self.source_id, (answer.fetch,), 0 if answer.changed else 1))
        return True

    def _has_page(self, url: str) -> bool:
        return self.row.pages and not self.row.selectors.item and self.row.holds(url)


def _unpacked(raw: bytes, limit: int) -> bytes:
    """A body that is a packed file, as sitemaps are, whatever the transfer did."""
    if not raw.startswith(_GZIP):
        return raw
    inflater = Inflater("gzip", limit)
    inflater.feed(raw)
    return inflater.finish()


def _key(entry: Entry) -> str:
    return entry.url or entry.id or entry.text


def _is_before(changed: str | None, fetched_at: str) -> bool:
    """Whether a change that a listing tells was there when the page was last fetched. A day alone says too little of today."""
    if changed is None:
        return False
    moment = datetime.fromisoformat(changed)
    if len(changed) == len("2025-12-17"):
        moment += timedelta(days=1)
    if moment.tzinfo is None:  # some clock of the world: the westernmost is twelve hours behind
        moment = moment.replace(tzinfo=UTC) + timedelta(hours=12)
    return moment < datetime.fromisoformat(fetched_at)
