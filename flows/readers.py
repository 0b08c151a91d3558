"""Files -> what they say of articles, before anything is checked: one reader for each kind of file.

A reader yields `Found` for each article and `Rejected` for each row or page it cannot use, in the order of the file, and goes
on. It raises InputError when the file as a whole cannot be used; `read_file` turns that into a `Rejected` too.
"""

from __future__ import annotations

import gzip
import io
import json
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from extractors.charset import NotTextError, declared_charset, decode
from models.errors import InputError
from models.ids import content_id

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
    hint: str | None = None
    """The language that a page or feed declares for itself: often a leftover of its software, so it only breaks ties"""


@dataclass(frozen=True, slots=True)
class Rejected:
    """What could not be used, and why; it goes to quarantine whole."""

    where: str
    reason: str
    raw: bytes = field(repr=False)

    def __str__(self) -> str:
        return f"{self.where}: {self.reason}"


Read = Iterator[Found | Rejected]


def read_file(path: Path, where: str) -> Read:
    """Everything one file holds, by its ending. Never raises for what is in the file."""
    ending = kind_of(path)
    assert ending is not None, path
    try:
        yield from READERS[ending](path, where)
    except InputError as error:
        yield Rejected(error.where, error.reason, _read_bytes(path))
    except OSError as error:
        yield Rejected(where, f"cannot be read: {error.strerror or error}", b"")


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
    yield Found(where, raw, {**_beside(path), "text": _decode(raw, where, None)}, names_file=True)


def decode_or_reject(raw: bytes, where: str) -> Found | Rejected:
    """One plain text that is in no file."""
    try:
        return Found(where, raw, {"text": _decode(raw, where, None)}, names_file=True)
    except InputError as error:
        return Rejected(where, error.reason, raw)


def read_html(path: Path, where: str) -> Read:
    """A saved page."""
    raw = _read_bytes(path)
    if len(raw) > MAX_RAW:
        raise InputError(where, too_large(f"{path.stat().st_size:,} bytes"))
    yield _page(where, raw, declared_charset(raw), _beside(path), names_file=True)


def read_jsonl(path: Path, where: str) -> Read:
    """JSON, one object a line, plain or gzipped."""
    if path.name.lower().endswith(".gz"):
        with gzip.open(path, "rb") as unpacked:
            yield from read_rows(unpacked, where)
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
                yield _row(at, line)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        yield Rejected(f"{where}:{number + 1}", f"the gzip stream is broken: {error}", b"")


def read_feed(path: Path, where: str) -> Read:
    """A saved RSS or Atom feed; one article an entry."""
    import feedparser  # noqa: PLC0415 - 0.1 s that no other kind of file should pay

    raw = _read_bytes(path)
    if len(raw) > MAX_RAW:
        raise InputError(where, too_large(f"{path.stat().st_size:,} bytes"))
    if b"<!ENTITY" in raw:
        raise InputError(where, "declares XML entities, which no news feed needs")
    text = _decode(raw, where, declared_charset(raw))
    feed = feedparser.parse(text.encode("utf-8", "replace"), response_headers={"content-type": "text/xml; charset=utf-8"})
    if not feed.version:
        raise InputError(where, "not an RSS or Atom feed")
    for number, entry in enumerate(feed.entries, 1):
        yield _entry(f"{where}:{number}", entry, feed.feed.get("link"), feed.feed.get("language"))


def read_warc(path: Path, where: str) -> Read:
    """The pages of a web archive, plain or gzipped."""
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
            raw = record.reader.read(MAX_RAW)
            url = record.headers.get("WARC-Target-URI")
            fields = {"id": content_id(url), "url": url}
            yield _page(f"{where}:{number}", raw, record.http_charset or declared_charset(raw), fields)
    if number == 0:
        raise InputError(where, "not a web archive: it holds no response")


READERS: dict[str, Callable[[Path, str], Read]] = {
    ".jsonl.gz": read_jsonl, ".jsonl": read_jsonl, ".warc.gz": read_warc, ".warc": read_warc,
    ".txt": read_text, ".html": read_html, ".htm": read_html, ".xml": read_feed,
}  # fmt: skip


def too_large(size: str) -> str:
    """The reason for what is longer than any article."""
    return f"too large: {size}; an article has at most {MAX_TEXT:,} characters"


def _read_bytes(path: Path) -> bytes:
    """The file, or as much of it as quarantine keeps and a little more, so that the caller sees it was longer."""
    with path.open("rb") as stream:
        return stream.read(MAX_RAW + 1)


def _decode(raw: bytes, where: str, declared: str | None) -> str:
    try:
        return decode(raw, declared)
    except NotTextError as error:
        raise InputError(where, str(error)) from None


def _object(raw: bytes, where: str) -> dict[str, Any]:
    """The known fields of a JSON object; raises InputError for anything else."""
    try:
        values = json.loads(_decode(raw, where, None))
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


def _row(where: str, line: bytes) -> Found | Rejected:
    try:
        return Found(where, line, _object(line, where))
    except InputError as error:
        return Rejected(where, error.reason, line)


def _page(where: str, raw: bytes, charset: str | None, fields: dict[str, Any], names_file: bool = False) -> Found | Rejected:
    """The article of one page. What is said beside the page outranks what the page says of itself."""
    from extractors.body import read_page  # noqa: PLC0415 - trafilatura takes 0.25 s to import, and text files never need it

    try:
        page = read_page(_decode(raw, where, charset), fields.get("url"))
    except InputError as error:
        return Rejected(where, error.reason, raw)
    if page is None:
        return Rejected(where, "HTML without a body of text", raw)
    said = {"title": page.title, "text": page.text, "published": page.published, "url": page.url}
    return Found(where, raw, {key: value for key, value in said.items() if value} | fields, names_file, page.language)


def _entry(where: str, entry: Any, site: str | None, language: str | None) -> Found:
    """One feed entry: its full text when the feed carries it, else its summary."""
    from extractors.body import strip_markup  # noqa: PLC0415 - as in `_page`

    carried = [content.value for content in entry.get("content", ()) if content.get("value")]
    text = strip_markup(max(carried, key=len, default="") or entry.get("summary") or "")
    link = entry.get("link")
    fields = {
        "id": content_id(site, entry.get("id") or link or entry.get("title")), "url": link,
        "title": strip_markup(entry.get("title") or ""), "text": text,
        "published": entry.get("published") or entry.get("updated"),
    }  # fmt: skip
    raw = json.dumps(fields, ensure_ascii=False).encode("utf-8", "surrogatepass")
    return Found(where, raw, {key: value for key, value in fields.items() if value}, hint=language)
