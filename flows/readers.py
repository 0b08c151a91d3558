"""Files -> what they say of articles, before anything is checked: one reader for each kind of file.

A reader yields `Found` for each article and `Rejected` for each row it cannot use, in the order of the file, and goes on. Pages
take long to read, which any process can do (`read_cut`): it only cuts them out (`Page`). It raises InputError when the file as a
whole cannot be used; `cut_file` turns that into a `Rejected` too.
"""

from __future__ import annotations

import gzip
import io
import json
import tempfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.source_table import Source, find_source, sources
from extractors.address import is_front_page
from extractors.charset import NotTextError, declared_charset, decode
from extractors.published import Stated
from models.errors import InputError
from models.fetch import Fetch
from models.ids import content_id

if TYPE_CHECKING:
    from extractors.listing import Entry, Listing

MAX_TEXT = 1_000_000
"""Code points of one article; more is no news item"""
MAX_RAW = 16 * 1024 * 1024
"""Bytes of one page, feed or JSONL row; of what is longer, quarantine keeps this much"""

FIELDS = ("id", "url", "source", "language", "region", "published", "title", "text")
"""Keys of a JSONL article and of a meta file; others are ignored"""


@dataclass(frozen=True, slots=True)
class Found:
    """An article as a file tells it. `where` names file and row; `raw` is kept if the article cannot be used."""

    where: str
    raw: bytes = field(repr=False)
    fields: dict[str, Any]
    names_file: bool = False
    """One article a file: without an id of its own it takes the file's stem"""
    kind: str = "row"
    """How `raw` is read again, as in `Rejected`"""
    beside: dict[str, Any] = field(default_factory=dict)
    """Fields that were told beside `raw`"""
    hint: str | None = None
    """The language that a page or feed declares for itself: often a leftover of its software, so it only breaks ties"""


@dataclass(frozen=True, slots=True)
class Rejected:
    """What could not be used, and why; it goes to quarantine whole."""

    where: str
    reason: str
    raw: bytes = field(repr=False)
    kind: str = "row"
    """How the bytes are read again, after a fix: row, page, text, or the ending of a whole file (`read_again`). What an address
    gave instead of a page (address) is no article: the next run fetches it again"""
    beside: dict[str, Any] = field(default_factory=dict)
    """Fields that were told beside the bytes: in a meta file, by an archive or by a source"""

    def __str__(self) -> str:
        return f"{self.where}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Answered:
    """Everything at these addresses has been handed over; `unchanged` articles of `source_id` were not sent again."""

    source_id: str
    fetches: tuple[Fetch, ...] = ()
    unchanged: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    """A page that is cut out of a file and not read yet; `where`, `raw` and `beside` as in `Rejected`."""

    where: str
    raw: bytes = field(repr=False)
    beside: dict[str, Any] = field(default_factory=dict)
    header: str | None = None
    """The charset that an HTTP header declared"""
    names_file: bool = False
    latest: date | None = None
    """The day a page was fetched"""
    source: str | None = None
    """The source it is of, unless it says one itself"""


Read = Iterator[Found | Rejected]
Cut = Iterator[Found | Rejected | Page]


def read_cut(one: Found | Rejected | Page) -> Found | Rejected:
    """What a page says; what has been read already stays as it is."""
    if not isinstance(one, Page):
        return one
    item = read_page_of(one.where, one.raw, one.beside, one.header, names_file=one.names_file, latest=one.latest)
    if one.source and isinstance(item, Found):
        item.fields.setdefault("source", one.source)
    return item


def read_file(path: Path, where: str) -> Read:
    """Everything one file holds, by its ending. Never raises for what is in the file."""
    return map(read_cut, cut_file(path, where))


def cut_file(path: Path, where: str) -> Cut:
    """`read_file`, its pages not read yet."""
    ending = kind_of(path)
    assert ending is not None, path
    try:
        yield from READERS[ending](path, where)
    except InputError as error:
        yield Rejected(error.where, error.reason, _read_bytes(path), ending, {"id": path.name[: -len(ending)]})
    except OSError as error:
        yield Rejected(where, f"cannot be read: {error.strerror or error}", b"")


def cut_source_file(path: Path, where: str, source_id: str) -> Cut:
    """What a file of a source has, its pages not read yet; said to be of that source where it does not say so itself."""
    row = sources()[source_id]
    if row.hosts_only:
        yield from cut_warc(path, where, declared_only=True)
        return
    for one in cut_file(path, where):
        if isinstance(one, Found):
            one.fields.setdefault("source", source_id)
        yield replace(one, source=source_id) if isinstance(one, Page) else one


def kind_of(path: Path) -> str | None:
    """The ending that decides how a file is read; None for what is never read, gold and meta files among them.

    >>> kind_of(Path("a.JSONL.gz")), kind_of(Path("a.gold.jsonl")), kind_of(Path("notes.md"))
    ('.jsonl.gz', None, None)
    """
    name = path.name.lower()
    if ".gold.json" in name or name.endswith(".meta.json") or name.startswith("."):
        return None
    return next((ending for ending in READERS if name.endswith(ending)), None)


def read_text(path: Path, where: str) -> Read:
    """A `.txt`: the whole file is the text."""
    raw = _read_bytes(path)
    if len(raw) > 4 * MAX_TEXT:  # no encoding takes more than four bytes for a code point
        raise InputError(where, too_large(f"{path.stat().st_size:,} bytes"))
    beside = _beside(path)
    yield Found(where, raw, {**beside, "text": _decode(raw, where)}, names_file=True, kind="text", beside=beside)


def decode_or_reject(raw: bytes, where: str) -> Found | Rejected:
    """One plain text that is in no file."""
    try:
        return Found(where, raw, {"text": _decode(raw, where)}, names_file=True, kind="text")
    except InputError as error:
        return Rejected(where, error.reason, raw, "text")


def cut_html(path: Path, where: str) -> Cut:
    """A saved page."""
    raw = _read_bytes(path)
    if len(raw) > MAX_RAW:
        raise InputError(where, too_large(f"{path.stat().st_size:,} bytes"))
    yield Page(where, raw, _beside(path), names_file=True)


def read_jsonl(path: Path, where: str) -> Read:
    """JSON, one object a line, plain or gzipped."""
    if path.name.lower().endswith(".gz"):
        with gzip.open(path, "rb") as unpacked:
            for item in read_rows(unpacked, where):
                if isinstance(item, Rejected) and not item.raw:  # the stream is broken
                    yield Rejected(item.where, item.reason, _read_bytes(path), ".jsonl.gz")
                else:
                    yield item
    else:
        with path.open("rb") as stream:
            yield from read_rows(stream, where)


def read_rows(stream: io.BufferedIOBase, where: str) -> Read:
    """Rows of an open JSONL file. A broken row is rejected by its number, the others go on."""
    number = 0
    try:
        while line := stream.readline(MAX_RAW):
            number += 1
            at = f"{where}:{number}"
            if len(line) == MAX_RAW:
                while (rest := stream.readline(MAX_RAW)) and not rest.endswith(b"\n"):
                    pass
                yield Rejected(at, too_large(f"more than {MAX_RAW:,} bytes"), line)
            elif line.strip(b" \t\r\n\xef\xbb\xbf"):
                yield _json_row(at, line)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        yield Rejected(f"{where}:{number + 1}", f"the gzip stream is broken: {error}", b"")


def read_feed(path: Path, where: str) -> Read:
    """A saved RSS or Atom feed; one article an entry."""
    from extractors.listing import NotAListingError  # noqa: PLC0415 - lxml and feedparser: 0.15 s
    from extractors.listing import read_feed as entries_of  # noqa: PLC0415

    raw = _read_bytes(path)
    if len(raw) > MAX_RAW:
        raise InputError(where, too_large(f"{path.stat().st_size:,} bytes"))
    try:
        listing = entries_of(decode_markup(raw, where))
    except NotAListingError as error:
        raise InputError(where, str(error)) from None
    for number, entry in enumerate(listing.entries, 1):
        yield found_entry(f"{where}:{number}", entry, listing)


def cut_warc(path: Path, where: str, declared_only: bool = False) -> Cut:
    """The pages of a web archive, plain or gzipped; with `declared_only` those of publishers that a table declares."""
    from fastwarc.warc import ArchiveIterator, WarcRecordType  # noqa: PLC0415 - only archives need it

    number = 0
    with path.open("rb") as stream:
        records = ArchiveIterator(stream, record_types=WarcRecordType.response)
        while True:
            try:
                record = next(records, None)
            except Exception as error:  # FastWARC raises whatever its C++ streams run into
                raise InputError(f"{where}:{number + 1}", f"the archive is broken: {error}") from None
            if record is None:
                break
            number += 1
            http = record.http_headers
            if http is None or http.status_code != 200 or "html" not in (record.http_content_type or ""):
                continue
            url = (record.headers.get("WARC-Target-URI") or "").strip("<>")
            if declared_only and find_source(None, url) is None:
                continue
            raw = record.reader.read(MAX_RAW)
            latest = record.record_date.date() if record.record_date else None
            beside = {"id": content_id(url), "url": url}
            yield Page(f"{where}:{number}", raw, beside, record.http_charset, latest=latest)
    if number == 0:
        raise InputError(where, "not a web archive: it holds no response")


def read_again(raw: bytes, where: str, kind: str, beside: Mapping[str, Any]) -> Read:
    """What was kept of an item that could not be used, read as it was the first time; `kind` and `beside` as in `Rejected`."""
    fields = {name: value for name, value in beside.items() if name in FIELDS}
    if kind == "row":
        item: Found | Rejected = _json_row(where, raw)
    elif kind == "page":
        item = read_page_of(where, raw, fields, beside.get("charset"), names_file="url" not in fields)
    elif kind == "text":
        item = decode_or_reject(raw, where)
    else:
        yield from _file_again(raw, where, kind)
        return
    if isinstance(item, Found):
        item.fields.update(fields)
    yield item


def _file_again(raw: bytes, where: str, ending: str) -> Read:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"again{ending}"
        path.write_bytes(raw)
        yield from read_file(path, where)


READERS: dict[str, Callable[[Path, str], Cut]] = {
    ".jsonl.gz": read_jsonl, ".jsonl": read_jsonl, ".warc.gz": cut_warc, ".warc": cut_warc,
    ".txt": read_text, ".html": cut_html, ".htm": cut_html, ".xml": read_feed,
}  # fmt: skip


PAGES = frozenset({".warc.gz", ".warc", ".html", ".htm"})
"""Endings of files of pages, which take a hundred times as long to read as a row"""


def too_large(size: str) -> str:
    """The reason for what is longer than any article."""
    return f"too large: {size}; an article has at most {MAX_TEXT:,} characters"


def _read_bytes(path: Path) -> bytes:
    """The file, or as much of it as quarantine keeps and a little more, so that the caller sees it was longer."""
    with path.open("rb") as stream:
        return stream.read(MAX_RAW + 1)


def decode_markup(raw: bytes, where: str, header: str | None = None) -> str:
    """A page or listing as text. `header` is the charset of its HTTP header, which is as often wrong as that of the markup."""
    return _decode(raw, where, header, declared_charset(raw), damaged=True)


def _decode(raw: bytes, where: str, *declared: str | None, damaged: bool = False) -> str:
    try:
        return decode(raw, *declared, damaged=damaged)
    except NotTextError as error:
        raise InputError(where, str(error)) from None


def _object(raw: bytes, where: str) -> dict[str, Any]:
    """The known fields of a JSON object; raises InputError for anything else."""
    try:
        values = json.loads(_decode(raw, where))
    except json.JSONDecodeError as error:
        raise InputError(where, f"not JSON: {error.msg} at column {error.colno}") from None
    except (ValueError, RecursionError) as error:
        raise InputError(where, f"not JSON: {error}") from None
    if not isinstance(values, dict):
        raise InputError(where, f"not a JSON object but {type(values).__name__}")
    return {key: values[key] for key in FIELDS if values.get(key) is not None}


def _beside(path: Path) -> dict[str, Any]:
    """The other fields of a text or page, from `<stem>.meta.json` beside it."""
    meta = path.with_name(f"{path.stem}.meta.json")
    if not meta.is_file():
        return {}
    fields = _object(_read_bytes(meta), str(meta))
    return {key: value for key, value in fields.items() if key != "text"}


def _json_row(where: str, line: bytes) -> Found | Rejected:
    try:
        return Found(where, line, _object(line, where))
    except InputError as error:
        return Rejected(where, error.reason, line)


def read_page_of(
    where: str,
    raw: bytes,
    fields: dict[str, Any],
    header: str | None = None,
    *,
    names_file: bool = False,
    told: tuple[Stated | None, ...] = (),
    latest: date | None = None,
    canonical: bool = False,
) -> Found | Rejected:
    """The article of one page. What is said beside the page outranks what the page says of itself, but for its address where
    `canonical` is asked for.

    `header` is the charset of the HTTP header, `told` are dates that a listing gives the page, `latest` the day it was fetched.
    """
    from extractors.body import NotAnArticleError, read_page  # noqa: PLC0415 - trafilatura takes 0.25 s to import

    url = fields.get("url")
    beside = {**fields, **({"charset": header} if header else {})}
    try:
        markup = decode_markup(raw, where, header)
        source = _row(fields.get("source"), url)
        page = read_page(markup, url, **_of_source(source), told=told, latest=latest)
        if source is None and (source := _row(None, page.url)):  # a saved page names its own address, and so its publisher
            page = read_page(markup, url, **_of_source(source), told=told, latest=latest)
    except (InputError, NotAnArticleError) as error:
        return Rejected(where, error.reason if isinstance(error, InputError) else str(error), raw, "page", beside)
    said: dict[str, Any] = {"title": page.title, "text": page.text, "url": page.url}
    if page.published and "published" not in fields:
        said |= {"published": page.published.value, "published_from": page.published.evidence}
    own = page.canonical
    if canonical and own and source and source.holds(own) and not is_front_page(own):
        fields = {**fields, "url": own}
    found = {key: value for key, value in said.items() if value} | fields
    return Found(where, raw, found, names_file, "page", beside, page.language)


def _row(said: Any, url: Any) -> Source | None:
    found = find_source(said if isinstance(said, str) else None, url if isinstance(url, str) else None)
    return found[1] if found else None


def _of_source(source: Source | None) -> dict[str, Any]:
    return {} if source is None else {"selectors": source.selectors, "names": (source.name, *source.also)}


def found_entry(where: str, entry: Entry, listing: Listing, source_id: str | None = None) -> Found:
    """An entry of a listing as the article it carries."""
    fields = {
        "id": content_id(listing.site, entry.id or entry.url or entry.title), "url": entry.url, "source": source_id,
        "title": entry.title, "text": entry.text,
        "published": entry.published.value if entry.published else None,
        "published_from": entry.published.evidence if entry.published else None,
    }  # fmt: skip
    raw = json.dumps(fields, ensure_ascii=False).encode("utf-8", "surrogatepass")
    return Found(where, raw, {key: value for key, value in fields.items() if value}, hint=listing.language)
