"""Paths and source ids -> articles ready for extraction, and what was rejected on the way."""

from __future__ import annotations

import functools
import io
import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from corpus.load import corpus_path
from corpus.source_table import Source, find_source, sources
from extractors.address import tidy_address
from extractors.language import SUPPORTED, detect, parse_tag
from extractors.published import in_zone, iso_date
from flows.readers import (
    MAX_TEXT,
    PAGES,
    READERS,
    Answered,
    Found,
    Page,
    Rejected,
    cut_file,
    cut_source_file,
    decode_or_reject,
    kind_of,
    read_again,
    read_cut,
    read_rows,
    too_large,
)
from flows.settings import FetchSettings
from flows.work import DIED, Workers
from models.article import Article
from models.errors import DealwireError, InputError
from models.fetch import Fetch
from models.ids import content_id

Item = Article | Rejected
Taken = Item | Answered
"""What a source on the network gives, too: answers to remember, each behind the articles that were in it"""

SAMPLES = "samples"
"""The source that a run reads when it is told none"""


class UnusableInputError(DealwireError):
    """What the command was given does not exist or is never input: wrong usage, not an article for quarantine."""


@dataclass(frozen=True, slots=True)
class Defaults:
    """What to assume of articles that do not say it themselves. Raises UnusableInputError for what cannot be meant."""

    language: str | None = None
    region: str | None = None
    published: str | None = None

    def __post_init__(self) -> None:
        if self.language and parse_tag(self.language).language is None:
            raise UnusableInputError(f"language {self.language!r} is not one that is read ({', '.join(SUPPORTED)})")
        if self.region and not _REGION.fullmatch(self.region):
            raise UnusableInputError(f"region {self.region!r} is no country code (HK, TW, CN, AE, SA, …)")
        if self.published and not iso_date(self.published):
            raise UnusableInputError(f"published {self.published!r} is no date (2025-12-17)")


Known = Callable[[Sequence[str]], dict[str, Fetch]]
"""Addresses -> their last fetch"""

_ALONE = 50
"""Weight of the pages that are read before processes are started for more"""
_REGION = re.compile("[A-Za-z]{2}")
_NO_DEFAULTS = Defaults()


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file to read, and the id of its article when it holds one that has none of its own."""

    path: Path
    stem: str
    source: str | None = None
    """The id of the source whose file it is; None for a file that was given by its path"""


@dataclass(frozen=True, slots=True)
class InputSource:
    """A source to fetch, by its id."""

    id: str


Input = InputFile | InputSource


def find_files(inputs: Sequence[str]) -> list[InputFile]:
    """The files that paths, folders and source ids stand for; those of a folder in sorted order.

    Raises UnusableInputError for what does not exist, is never input, or would need the network.
    """
    found = find_inputs(inputs)
    fetched = next((one.id for one in found if isinstance(one, InputSource)), None)
    if fetched is not None:
        raise UnusableInputError(f"{fetched}: this source is fetched, which only dealwire run does; give a file or folder")
    return [one for one in found if isinstance(one, InputFile)]


def find_inputs(inputs: Sequence[str]) -> list[Input]:
    """As `find_files`, with the sources that have to be fetched."""
    stems: dict[str, Path] = {}
    found: list[Input] = []
    for given in inputs:
        for one in _inputs_of(given):
            found.append(one if isinstance(one, InputSource) else InputFile(one[0], _free_stem(one[0], stems), one[1]))
    return found


def take_in(files: Iterable[InputFile], defaults: Defaults = _NO_DEFAULTS, crew: Workers | None = None) -> Iterator[Item]:
    """Every article of `files`, in order: complete, or rejected with its reason.

    The files are opened here; with a `crew` of several, its processes read and check the pages in them. A row takes as long to
    hand over as to read.
    """
    for pages, group in itertools.groupby(files, key=lambda file: kind_of(file.path) in PAGES):
        cut = ((one, file.stem) for file in group for one in _cut(file))
        if pages and crew is not None and crew.count > 1:
            yield from _read_by(crew, cut, defaults)
        else:
            yield from (_complete(one, stem, defaults) for one, stem in cut)


def _read_by(crew: Workers, cut: Iterator[_Cut], defaults: Defaults) -> Iterator[Item]:
    left: float = _ALONE
    while left > 0 and (first := next(cut, None)):
        left -= _weight(first)
        yield _complete(*first, defaults)
    read = crew.map(functools.partial(_complete_all, defaults), cut, weight=_weight, lost=_lost)
    yield from (item for _, item in read)


def fetch_in(source_ids: Sequence[str], settings: FetchSettings, known: Known) -> Iterator[Taken]:
    """Every article of sources on the network that is new or changed, complete or rejected, with the answers to remember.

    `known` gives the last fetch of addresses; it is called from another thread.
    """
    from flows.crawl import crawl  # noqa: PLC0415 - httpx takes 0.3 s to import, and files never need it

    for item in crawl(source_ids, settings, known, datetime.now(UTC).date()):
        yield item if isinstance(item, Answered) else _complete(item, item.where, _NO_DEFAULTS)


def take_in_bytes(raw: bytes, where: str, defaults: Defaults = _NO_DEFAULTS) -> Iterator[Item]:
    """Standard input: JSONL when it starts with a brace, else one plain text."""
    rows = raw.lstrip(b" \t\r\n\xef\xbb\xbf").startswith(b"{")
    for one in read_rows(io.BytesIO(raw), where) if rows else (decode_or_reject(raw, where),):
        yield _complete(one, where, defaults)


def _inputs_of(given: str) -> list[InputSource | tuple[Path, str | None]]:
    """Sources to fetch, or files with the id of the source they are of."""
    if not Path(given).exists() and given in sources():
        source = sources()[given]
        if source.path is None:
            return [InputSource(given)]
        place = Path(source.path)
        path = place if place.is_absolute() else Path(str(corpus_path(source.path)))
        return [(file, None if given == SAMPLES else given) for file in _files_of(str(path))]
    return [(file, None) for file in _files_of(given)]


def take_in_again(raw: bytes, where: str, kind: str, beside: Mapping[str, Any]) -> Iterator[Item]:
    """What was kept of an item that could not be used, once more from the beginning."""
    for item in read_again(raw, where, kind, beside):
        yield _complete(item, str(beside.get("id") or where), _NO_DEFAULTS)


def _files_of(given: str) -> list[Path]:
    path = Path(given)
    if path.is_dir():
        files = sorted(entry for entry in path.rglob("*") if kind_of(entry) and entry.is_file())
        if not files:
            raise UnusableInputError(f"{given}: the folder holds no article ({' '.join(READERS)})")
        return files
    if path.exists():
        if kind_of(path) is None:
            what = "gold and meta files are never input" if ".json" in path.name else f"none of {' '.join(READERS)}"
            raise UnusableInputError(f"{given}: not a kind of file that is read: {what}")
        return [path]
    raise UnusableInputError(f"{given}: no such file or folder, and no source of that id")


def _free_stem(path: Path, stems: dict[str, Path]) -> str:
    """The id of an article that has none: the stem, or folder and file name when another file of this run has that stem."""
    stem = path.name[: -len(kind_of(path) or "")]
    return stem if stems.setdefault(stem, path) == path else f"{path.parent.name}/{path.name}"


def _cut(file: InputFile) -> Iterator[Found | Rejected | Page]:
    where = str(file.path)
    return cut_source_file(file.path, where, file.source) if file.source else cut_file(file.path, where)


_Cut = tuple[Found | Rejected | Page, str]
"""What is cut out of a file, and the stem of the file"""


def _weight(cut: _Cut) -> float:
    """By bytes: a chunk is some small pages, or a large one."""
    return max(0.25, len(cut[0].raw) / 10_000)


def _lost(cut: _Cut) -> Item:
    one = cut[0]
    return Rejected(one.where, DIED, one.raw, "page", one.beside)


def _complete_all(defaults: Defaults, cuts: Sequence[_Cut]) -> list[Item]:
    return [_complete(one, stem, defaults) for one, stem in cuts]


def _complete(one: Found | Rejected | Page, stem: str, defaults: Defaults) -> Item:
    item = read_cut(one)
    if isinstance(item, Rejected):
        return item
    try:
        return _article(item, stem, defaults)
    except InputError as error:
        beside = {**item.beside, "id": stem} if item.names_file else item.beside
        return Rejected(error.where, error.reason, item.raw, item.kind, beside)


def _article(found: Found, stem: str, defaults: Defaults) -> Article:
    """The article with language, region and publication date settled; raises InputError when it cannot be used."""
    fields, where = found.fields, found.where
    title, text = _said(fields, "title", where), _said(fields, "text", where) or ""
    if not text.strip("\ufeff\u200b \t\r\n\u3000\xa0\x00") and not (title or "").strip():
        raise InputError(where, "empty")
    if len(text) + len(title or "") > MAX_TEXT:
        raise InputError(where, too_large(f"{len(text):,} characters"))
    said_source, url = _said(fields, "source", where), _said(fields, "url", where)
    url = tidy_address(url) if url else None
    source_id, source = _source(said_source, url)
    language, region = _language_and_region(found, title, text, source, defaults)
    return Article(
        id=_said(fields, "id", where) or (stem if found.names_file else content_id(said_source, url or [title, text])),
        text=text, title=title or None, url=url, source=source_id, language=language, region=region,
        published=_published(fields.get("published") or defaults.published, where, source),
        published_from=_said(fields, "published_from", where),
    )  # fmt: skip


def _source(said: str | None, url: str | None) -> tuple[str | None, Source | None]:
    """The id an article is kept under and the row that tells its country. A name that no table knows stays as it is said."""
    named = find_source(said, None)
    row_id, row = named or find_source(None, url) or (None, None)
    return (row_id if named else said or row_id), row


def _said(fields: dict[str, Any], key: str, where: str) -> str | None:
    """A field as text, None when it is empty; ids may be numbers. Raises InputError for what is no text."""
    value = fields.get(key)
    if key == "id" and isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if value is not None and not isinstance(value, str):
        raise InputError(where, f"{key} is {type(value).__name__}, not text")
    return value or None


def _language_and_region(
    found: Found, title: str | None, text: str, source: Source | None, defaults: Defaults
) -> tuple[str, str | None]:
    """What the article says, else its source, else its letters and words. Letters outrank everyone on what is ours at all."""
    declared = _said(found.fields, "language", found.where) or defaults.language
    region = _said(found.fields, "region", found.where) or defaults.region
    if region and not _REGION.fullmatch(region):
        raise InputError(found.where, f"region {region!r} is no country code (HK, TW, CN, AE, SA, …)")
    declared = declared or (source.language if source else None)
    region = region or (parse_tag(declared).region if declared else None) or (source.region if source else None)
    detected = detect(f"{title or ''}\n{text}", declared, region and region.upper())
    if detected.language is None:
        raise InputError(found.where, f"language not one that is read ({', '.join(SUPPORTED)}): {detected.reason}")
    hint = parse_tag(found.hint or "")
    return detected.language, detected.region or (hint.region if hint.language == detected.language else None)


def _published(value: Any, where: str, source: Source | None) -> str | None:
    if value is None or value == "":
        return None
    published = iso_date(value) if isinstance(value, str) else None
    if published is None:
        raise InputError(where, f"published {value!r} is no date (2025-12-17, or with time and zone)")
    return in_zone(published, source.time_zone) if source and source.time_zone else published
