"""Refreshing the reference rates against a bank of our own on loopback: taken when plausible, told and left alone when not."""

from __future__ import annotations

import io
import threading
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from currency_converter import CURRENCY_FILE

from extractors.rates import last_fixing, rate, use_reference_rates
from flows.reference_rates import FILE, History, Row, _read_history, _write, due, reference_rates

BUNDLED = _read_history(Path(CURRENCY_FILE))
LAST = max(BUNDLED)
NEXT = next(day for n in range(1, 5) if (day := LAST + timedelta(days=n)).weekday() < 5)
LATER = NEXT + timedelta(days=10)
MORNING_AFTER = next(day for n in range(1, 5) if due(day := NEXT + timedelta(days=n)) == NEXT)


def moved(share: str) -> Row:
    return {code: str((Decimal(value) * Decimal(share)).quantize(Decimal("0.0001"))) for code, value in BUNDLED[LAST].items()}


def zipped(text: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("eurofxref.csv", text)
    return packed.getvalue()


def daily(day: date, row: Row) -> bytes:
    """As the bank writes it: blanks, a day in words, a comma at the end."""
    return zipped(f"Date, {', '.join(row)}, \n{day.day} {day:%B %Y}, {', '.join(row.values())}, \n")


def whole(history: History) -> bytes:
    path = io.StringIO()
    codes = sorted({code for row in BUNDLED.values() for code in row})
    path.write(f"Date,{','.join(codes)},\n")
    for day in sorted(history, reverse=True):
        path.write(f"{day},{','.join(history[day].get(code, 'N/A') for code in codes)},\n")
    return zipped(path.getvalue())


@pytest.fixture
def bank() -> Iterator[tuple[dict[str, bytes], str, list[str]]]:
    """(files by name, address, what was asked for)"""
    files: dict[str, bytes] = {}
    asked: list[str] = []

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.path.rsplit("/", 1)[1]
            asked.append(name)
            body = files.get(name)
            self.send_response(200 if body is not None else 404)
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_: object) -> None:
            """Silent."""

    server = HTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield files, f"http://127.0.0.1:{server.server_port}/stats", asked
    server.shutdown()


Bank = tuple[dict[str, bytes], str, list[str]]


def test_the_next_days_fixing_is_added_and_used(bank: Bank, tmp_path: Path) -> None:
    files, url, asked = bank
    files["eurofxref.zip"] = daily(NEXT, moved("1.01"))
    path, used = reference_rates(tmp_path / "rates", MORNING_AFTER, url)
    assert (used.to, used.origin, path) == (NEXT.isoformat(), "refreshed", tmp_path / "rates" / FILE)
    assert asked == ["eurofxref.zip"]
    try:
        before = rate("USD", "JPY", LAST)
        use_reference_rates(path)
        assert last_fixing() == NEXT
        assert rate("USD", "JPY", LAST) == before
        found = rate("EUR", "JPY", NEXT)
        assert found
        assert (found.date, found.rate) == (NEXT.isoformat(), Decimal(moved("1.01")["JPY"]))
    finally:
        use_reference_rates(None)
    assert reference_rates(tmp_path / "rates", MORNING_AFTER, url) == (path, used.__class__(used.to, "kept", used.said.replace(
        "refreshed", "kept")))  # fmt: skip
    assert asked == ["eurofxref.zip"]


def test_a_gap_takes_the_whole_history(bank: Bank, tmp_path: Path) -> None:
    files, url, asked = bank
    between = {NEXT: moved("1.01"), LATER - timedelta(days=1): moved("1.02")}
    files["eurofxref.zip"] = daily(LATER, moved("1.03"))
    files["eurofxref-hist.zip"] = whole({**BUNDLED, **between})
    path, used = reference_rates(tmp_path, LATER + timedelta(days=1), url)
    assert asked == ["eurofxref.zip", "eurofxref-hist.zip"]
    assert (used.to, used.origin) == (LATER.isoformat(), "refreshed")
    assert path
    assert _read_history(path)[NEXT]["USD"] == moved("1.01")["USD"]


BAD = {
    "no zip": (b"<html>moved</html>", None, "not the bank's zipped table"),
    "no columns": (zipped("Date,USD\n2026-11-20,1.1\n"), None, "no column for"),
    "a jump": (daily(NEXT, moved("1.5")), None, "is not plausible"),
    "from the future": (daily(LATER + timedelta(days=9), moved("1")), None, "was due"),
    "before the last": (daily(LAST - timedelta(days=1), moved("1")), None, "was due"),
    "no figure": (daily(NEXT, {**moved("1"), "USD": "one"}), None, "line 2"),
    "nothing": (daily(NEXT, dict.fromkeys(moved("1"), "0")), None, "no positive rates"),
    "history revised": (
        daily(LATER, moved("1")), whole({**BUNDLED, LAST: moved("1.1"), LATER: moved("1")}), "is not the one known",
    ),
    "history gone": (daily(LATER, moved("1")), None, "404"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_what_is_not_plausible_is_told_and_the_rates_at_hand_stay(name: str, bank: Bank, tmp_path: Path) -> None:
    files, url, _ = bank
    day, history, reason = BAD[name]
    files["eurofxref.zip"] = day
    if history:
        files["eurofxref-hist.zip"] = history
    path, used = reference_rates(tmp_path, LATER + timedelta(days=1), url)
    assert path is None
    assert (used.origin, used.to) == ("bundled", LAST.isoformat())
    assert "not refreshed: " in used.said
    assert reason in used.said
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("url", [None, "http://127.0.0.1:9/none", "nonsense://x", "http://[broken"])
def test_without_the_network_the_age_is_told(url: str | None, tmp_path: Path) -> None:
    path, used = reference_rates(tmp_path, LAST + timedelta(days=30), url)
    assert path is None
    assert used.said.startswith(f"to {LAST}, 30 days old, bundled")
    assert ("not refreshed" in used.said) == (url is not None)


def test_a_kept_file_that_is_broken_or_older_than_the_bundled_is_not_used(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("Date,USD\n", encoding="ascii")
    assert reference_rates(tmp_path, LAST, None)[0] is None
    _write(tmp_path / FILE, {day: row for day, row in BUNDLED.items() if day < LAST})
    assert reference_rates(tmp_path, LAST, None)[0] is None
    _write(tmp_path / FILE, {**BUNDLED, NEXT: moved("1.01")})
    assert reference_rates(tmp_path, LAST, None)[1].origin == "kept"
