"""The doctor finds what is broken, and says of the rest that it is in order."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from flows import doctor
from flows.doctor import BROKEN, LOOK, OK
from models.store import Store
from tests.command import run


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    for name in ("PREFECT_API_URL", "DEALWIRE_ALERT_COMMAND", "DEALWIRE_ALERT_WEBHOOK"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return f"sqlite:///{tmp_path / 'deals.db'}"


def states(url: str, capfd: pytest.CaptureFixture[str], code: int = 0) -> dict[str, list[str]]:
    assert run("doctor", "--store", url, "--format", "json") == code
    found: dict[str, list[str]] = {}
    for check in json.loads(capfd.readouterr().out):
        found.setdefault(check["name"], []).append(check["state"])
    return found


def test_a_new_place_is_in_order(url: str, capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    found = states(url, capfd)
    assert set(found) == {
        "installation", "tables", "sources", "extractor", "rates", "store", "disk", "settings", "Prefect", "clock",
    }  # fmt: skip
    assert all(found[name] == [OK] for name in ("installation", "tables", "extractor", "Prefect", "clock"))
    assert list(tmp_path.iterdir()) == []
    assert run("doctor", "--store", url) == 0
    assert "every package in its tested range" in capfd.readouterr().out


def test_what_an_operator_should_look_at(url: str, capfd: pytest.CaptureFixture[str]) -> None:
    with Store.open(url) as store:
        run_id = store.begin_run(datetime.now(UTC) - timedelta(days=3), "x", "[]")
        store.add_quarantine(run_id, "a.jsonl:1", "intake", "not JSON", b"{")
        store.finish_run(run_id, "held", {}, None, {"reasons": ["too few articles"]})
    assert states(url, capfd)["store"] == [OK, LOOK, LOOK]
    run("doctor", "--store", url)
    out = capfd.readouterr().out
    assert "1 in quarantine" in out
    assert "72 hours ago: held (too few articles)" in out


def test_a_broken_file_is_broken(url: str, capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with Store.open(url) as store:
        run_id = store.begin_run(datetime.now(UTC), "x", "[]")
        store.add_quarantine(run_id, "a", "intake", "x", bytes(range(256)) * 400)
    path = tmp_path / "deals.db"
    pages = bytearray(path.read_bytes())
    pages[4096 * 3 : 4096 * 30] = b"\xa5" * 4096 * 27
    path.write_bytes(pages)
    assert BROKEN in states(url, capfd, code=1)["store"]


def test_a_clock_that_runs_backwards_is_broken(url: str, capfd: pytest.CaptureFixture[str]) -> None:
    with Store.open(url) as store:
        store.begin_run(datetime.now(UTC) + timedelta(days=1), "x", "[]")
    assert states(url, capfd, code=1)["clock"] == [BROKEN]


def test_a_server_that_does_not_answer_is_broken(
    url: str, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
    assert states(url, capfd, code=1)["Prefect"] == [BROKEN]


def test_an_extractor_that_finds_nothing_is_broken(
    url: str, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "_TELLS", {"ar": ("أعلنت الشركة عن نتائجها.", "AE")})
    assert states(url, capfd, code=1)["extractor"] == [BROKEN]
