"""Reference rates of the day: the European Central Bank's daily file, added to the history that is bundled.

The bank publishes one file a working day at about 16:00 Frankfurt time, and the whole history beside it; fixings are never
revised (https://www.ecb.europa.eu/stats/policy_and_exchange_rates/euro_reference_exchange_rates). The result lies beside the
store in the bank's own layout. Where the network does not allow it, or what comes is not plausible, the rates at hand stay, and
the run says how old they are.
"""

from __future__ import annotations

import csv
import io
import tempfile
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path

import httpx
from currency_converter import CURRENCY_FILE

from models.errors import DealwireError

FILE = "eurofxref-hist.csv"
_DAILY, _HISTORY = "eurofxref.zip", "eurofxref-hist.zip"
_TIMEOUT = httpx.Timeout(10, connect=3)
_MAX_BYTES = 16 * 1024 * 1024
_MUST_HAVE = ("USD", "HKD", "CNY", "JPY", "GBP")
_LEAST_CURRENCIES = 20
_MAX_STEP = Decimal("0.2")
"""Share by which a currency may move between two fixings, plus one per cent a day between them"""

Row = Mapping[str, str]
"""Currency -> rate as written"""
History = dict[date, Row]


class RatesRefusedError(DealwireError):
    """What the bank's address gave is no plausible file of reference rates."""


@dataclass(frozen=True, slots=True)
class RatesUsed:
    """The reference rates of a run: up to which day, from where, and in words how old that is."""

    to: str
    origin: str
    """bundled, kept (from an earlier run) or refreshed"""
    said: str


def reference_rates(folder: Path, today: date, url: str | None) -> tuple[Path | None, RatesUsed]:
    """The file to convert with (None: the bundled one), refreshed from below `url` when that is due; None asks nobody.

    Never raises for what the network does: the second value says what happened.
    """
    path = folder / FILE
    bundled = _read_history(Path(CURRENCY_FILE))
    kept = _read_kept(path)
    origin = "kept" if kept and max(kept) > max(bundled) else "bundled"
    history = kept if kept and origin == "kept" else bundled
    remark = ""
    if url and max(history) < due(today):
        try:
            history = _newer(history, url, today)
            _write(path, history)
            origin = "refreshed"
        except (httpx.HTTPError, httpx.InvalidURL, OSError, DealwireError) as error:
            remark = f"; not refreshed: {error or type(error).__name__}"
    last = max(history)
    old = (today - last).days
    said = f"to {last}, {old} days old, {origin}{remark}"
    return (None if origin == "bundled" else path), RatesUsed(last.isoformat(), origin, said)


def due(today: date) -> date:
    """The last working day before today, whose fixing must be out by now.

    >>> due(date(2026, 11, 23)), due(date(2026, 11, 22))
    (datetime.date(2026, 11, 20), datetime.date(2026, 11, 20))
    """
    day = today - timedelta(days=1)
    while day.weekday() > 4:
        day -= timedelta(days=1)
    return day


def _newer(history: History, url: str, today: date) -> History:
    """`history` with what the bank says; its whole file when more than the day's fixing is missing."""
    base = url.rstrip("/")
    day = _parse(_download(f"{base}/{_DAILY}"), _DAILY)
    if len(day) != 1:
        raise RatesRefusedError(f"{_DAILY}: {len(day)} days, not one")
    ((when, row),) = day.items()
    last = max(history)
    if when > today or when < last:
        raise RatesRefusedError(f"{_DAILY}: of {when}, after {last} and not after {today} was due")
    _check_step(last, history[last], when, row)
    if when <= last or due(when) <= last:
        return {**history, when: row}
    whole = _parse(_download(f"{base}/{_HISTORY}"), _HISTORY)
    _check_history(history, whole)
    return {**history, **whole, when: row}


def _download(url: str) -> bytes:
    with httpx.stream("GET", url, timeout=_TIMEOUT, headers={"User-Agent": "dealwire"}) as answer:
        answer.raise_for_status()
        body = bytearray()
        for chunk in answer.iter_bytes():
            body += chunk
            if len(body) > _MAX_BYTES:
                raise RatesRefusedError(f"{url}: more than {_MAX_BYTES:,} bytes")
        return bytes(body)


def _parse(packed: bytes, name: str) -> History:
    """The rows of the bank's zipped CSV; raises RatesRefusedError for anything else."""
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            (member,) = archive.infolist()
            if member.file_size > _MAX_BYTES:
                raise RatesRefusedError(f"{name}: unpacks to {member.file_size:,} bytes")
            text = archive.read(member).decode("ascii")
    except (zipfile.BadZipFile, ValueError) as error:
        raise RatesRefusedError(f"{name}: not the bank's zipped table: {error}") from None
    return _rows(text, name)


def _rows(text: str, name: str) -> History:
    reader = csv.reader(io.StringIO(text), skipinitialspace=True)
    head = [cell.strip() for cell in next(reader, [])]
    if head[:1] != ["Date"] or not set(_MUST_HAVE) <= set(head):
        raise RatesRefusedError(f"{name}: no column for {', '.join(_MUST_HAVE)}")
    history: History = {}
    for number, cells in enumerate(reader, 2):
        try:
            row = {code: cell.strip() for code, cell in zip(head[1:], cells[1:], strict=False) if code and _given(cell)}
            if len(row) < _LEAST_CURRENCIES or any(not _rate(cell) > 0 for cell in row.values()):
                raise RatesRefusedError(f"{name}: line {number} has no positive rates of {_LEAST_CURRENCIES} currencies")
            history[_day(cells[0].strip())] = row
        except (ValueError, InvalidOperation, IndexError) as error:
            raise RatesRefusedError(f"{name}: line {number}: {error}") from None
    if not history:
        raise RatesRefusedError(f"{name}: no rates")
    return history


def _given(cell: str) -> bool:
    return cell.strip() not in ("", "N/A")


def _rate(cell: str) -> Decimal:
    return Decimal(cell.strip())


def _day(said: str) -> date:
    """2026-11-20, or 20 November 2026 as the daily file writes it."""
    try:
        return date.fromisoformat(said)
    except ValueError:
        return datetime.strptime(said, "%d %B %Y").date()  # noqa: DTZ007 - a day has no zone


def _check_step(last: date, before: Row, when: date, row: Row) -> None:
    allowed = _MAX_STEP + Decimal((when - last).days) / 100
    for code in _MUST_HAVE:
        old, new = _rate(before[code]), _rate(row[code]) if code in row else None
        if new is None or abs(new - old) > allowed * old:
            raise RatesRefusedError(f"{_DAILY}: {code} {new} on {when} after {old} on {last} is not plausible")


def _check_history(known: History, whole: History) -> None:
    """Fixings are never revised: what was known has to be there as it was."""
    days = sorted(known)[-250:]
    wrong = [day for day in days if day not in whole or _rate(whole[day]["USD"]) != _rate(known[day]["USD"])]
    if wrong:
        raise RatesRefusedError(f"{_HISTORY}: the fixing of {wrong[0]} is not the one known")


def _read_history(path: Path) -> History:
    return _parse(path.read_bytes(), path.name) if path.suffix == ".zip" else _rows(path.read_text("ascii"), path.name)


def _read_kept(path: Path) -> History | None:
    """What an earlier run kept; None when there is none, or it cannot be read (the next refresh writes it anew)."""
    try:
        return _read_history(path)
    except (OSError, ValueError, DealwireError):
        return None


def _write(path: Path, history: History) -> None:
    """In the bank's layout, the newest day first."""
    codes = list(dict.fromkeys(code for day in sorted(history, reverse=True) for code in history[day]))
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False, encoding="ascii", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["Date", *codes])
        writer.writerows(_lines(history, codes))
    Path(stream.name).replace(path)


def _lines(history: History, codes: list[str]) -> Iterable[list[str]]:
    for day in sorted(history, reverse=True):
        yield [day.isoformat(), *(history[day].get(code, "N/A") for code in codes)]
