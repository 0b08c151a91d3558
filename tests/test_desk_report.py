"""The report: the desk's pages as files whose links all lead somewhere, for all events or those of a query."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest

from desk.filters import FilterError
from desk.report import write_report
from desk.state import Desk
from extractors.match import deal_schema, fold_name
from models.errors import StoreError
from models.store import Store
from tests.command import run
from tests.desk_store import fill


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with Store.open(f"sqlite:///{tmp_path}/desk.db") as store:
        fill(store)
        yield Desk(store, deal_schema(), fold_name, reviewer="nobody here")


def links(folder: Path) -> dict[str, set[str]]:
    """The addresses on each page."""
    found = {}
    for page in folder.glob("*.html"):
        text = page.read_text("utf-8")
        addresses = (unescape(address) for address in re.findall(r'(?:href|src)="([^"]*)"', text))
        found[page.name] = {address.partition("#")[0] for address in addresses if not address.startswith("#")}
    return found


def test_every_link_leads_to_a_file_of_the_report(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    written = write_report(desk, folder, [], "en", 1000)
    assert (written.events, written.left_out) == (5, 0)
    pages = links(folder)
    assert len([name for name in pages if name.startswith("event-")]) == 5
    for name, addresses in pages.items():
        for address in addresses:
            assert (folder / address).is_file(), (name, address)
        assert "<form" not in (folder / name).read_text("utf-8"), name
    assert len(list(csv.DictReader((folder / "events.csv").open(encoding="utf-8")))) == 5
    assert (folder / "events.parquet").read_bytes()[:4] == b"PAR1"


def test_a_report_of_a_query_holds_only_its_events(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    written = write_report(desk, folder, [("party", "亞馬遜"), ("sort", "-amount")], "ar", 1)
    assert (written.events, written.left_out) == (1, 1)
    index = (folder / "index.html").read_text("utf-8")
    assert '<html lang="ar" dir="rtl">' in index
    assert len(list(folder.glob("event-*.html"))) == 1
    assert "SoftBank" not in "".join(page.read_text("utf-8") for page in folder.glob("[ec]*.html"))


def test_a_report_is_written_anew_and_never_over_other_files(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    write_report(desk, folder, [], "en", 1000)
    write_report(desk, folder, [("type", "loan")], "en", 1000)
    assert len(list(folder.glob("event-*.html"))) == 1
    other = tmp_path / "other"
    other.mkdir()
    (other / "thesis.html").write_text("mine")
    with pytest.raises(StoreError, match="holds other files"):
        write_report(desk, other, [], "en", 1000)
    assert [path.name for path in other.iterdir()] == ["thesis.html"]
    with pytest.raises(FilterError):
        write_report(desk, folder, [("type", "gift")], "en", 1000)


def test_the_command(desk: Desk, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    store = f"sqlite:///{tmp_path}/desk.db"
    assert run("report", str(tmp_path / "out"), "--store", store, "--query", "?type=loan", "--language", "zh-Hant") == 0
    assert "1 events in" in capfd.readouterr().out
    assert run("report", str(tmp_path / "out"), "--store", store, "--query", "least=much") == 2
    assert "least=much" in capfd.readouterr().err
    assert run("report", str(tmp_path / "out"), "--store", store, "--language", "fr") == 2
