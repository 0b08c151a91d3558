"""The desk in a real browser: every page in English and in Arabic, wide and narrow; filters, decisions and keys; axe.

Needs playwright, a Chromium of the system (chromium, chromium-browser or google-chrome on the path), and for the
accessibility test axe-core (`npm install axe-core` in the project, or DEALWIRE_AXE naming its axe.min.js). Skipped without.
"""

from __future__ import annotations

import os
import re
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from desk.app import create_app
from desk.report import write_report
from desk.state import Desk
from extractors.match import deal_schema, fold_name
from models.store import Store
from tests.desk_store import DEALS, fill
from tests.test_desk_review import ALIKE, CONFLICT

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = next((found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on the path")
AXE = Path(os.environ.get("DEALWIRE_AXE", Path(__file__).parent.parent / "node_modules" / "axe-core" / "axe.min.js"))
PAGES = (
    "/events",
    "/flow",
    "/companies",
    "/company?name=OpenAI",
    "/review/conflicts",
    "/review/pairs",
    "/review/decisions",
    "/runs",
)
WIDTHS = (390, 1440)


@contextmanager
def served(desk: Desk) -> Iterator[str]:
    """The address of a running desk."""
    server = uvicorn.Server(uvicorn.Config(create_app(desk), port=0, log_level="error", ws="none"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 60
    while not server.started and time.monotonic() < until:
        time.sleep(0.05)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(30)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path}/desk.db") as opened:
        fill(opened, items=(*DEALS, *ALIKE, *CONFLICT))
        yield opened


@pytest.fixture
def desk(store: Store) -> Iterator[str]:
    with served(Desk(store, deal_schema(), fold_name, reviewer="Reviewer One", code="test")) as address:
        yield address


@contextmanager
def opened(browser: Any, width: int = 1440, **options: Any) -> Iterator[Any]:
    """A page that fails the test on anything the browser complains of."""
    context = browser.new_context(viewport={"width": width, "height": 900}, **options)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert complaints == []


def event_of(page: Any, address: str, query: str) -> str:
    page.goto(f"{address}/events?{query}")
    return str(page.locator("a.open").first.get_attribute("href"))


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("tag", ["en", "ar"])
def test_every_page_fits_and_runs_the_right_way(browser: Any, desk: str, tag: str, width: int) -> None:
    with opened(browser, width) as page:
        paths = (*PAGES, event_of(page, desk, "type=investment"), event_of(page, desk, "language=ar"))
        for path in paths:
            page.goto(f"{desk}{path}{'&' if '?' in path else '?'}ui={tag}")
            assert page.locator("h1").inner_text().strip(), path
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (path, width)
            brand, main = page.locator(".brand").bounding_box(), page.locator("main").bounding_box()
            middle = brand["x"] + brand["width"] / 2
            assert (middle > main["width"] / 2) == (tag == "ar"), path


def test_a_filter_is_an_address(browser: Any, desk: str) -> None:
    with opened(browser) as page:
        page.goto(f"{desk}/events")
        page.fill("input[name=party]", "亞馬遜")
        page.press("input[name=party]", "Enter")
        page.wait_for_url(re.compile(r"party="))
        assert page.url.count("=") == 1  # what is not asked for is not in it
        assert page.locator("tr[data-event]").count() == 2
        page.select_option("select[name=type]", "purchase")
        page.wait_for_url(re.compile(r"type=purchase"))
        assert page.locator("tr[data-event]").count() == 1
        page.go_back()
        assert page.locator("tr[data-event]").count() == 2
        page.goto(f"{desk}/events")
        page.click("th a.sort:has-text('USD')")
        assert "38B" in page.locator("tr[data-event]").first.inner_text()


def test_decided_and_undone_by_keys(browser: Any, desk: str, store: Store) -> None:
    with opened(browser) as page:
        page.goto(f"{desk}/review/pairs")
        page.keyboard.press("j")
        assert page.locator(".card.here").count() == 1
        page.keyboard.press("s")
        page.keyboard.type("one round")
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile("done=1"))
        assert page.locator("[role=status]").is_visible()
        assert page.locator("[data-item]").count() == 0
        page.goto(f"{desk}/review/decisions")
        assert "one round" in page.locator(".card").first.inner_text()
        page.keyboard.press("j")
        page.keyboard.press("u")
        page.keyboard.type("two after all")
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile("done=1"))
        assert page.locator(".card .flag").count() == 1
    assert [(made.kind, made.note, made.retracted) for made in store.decisions()] == [
        ("same", "one round", True), ("retract", "two after all", False),
    ]  # fmt: skip


def test_a_value_is_set_in_arabic(browser: Any, desk: str, store: Store) -> None:
    with opened(browser) as page:
        page.goto(f"{desk}/review/conflicts?ui=ar")
        card = page.locator("[data-item]", has_text="Cerebras")
        card.locator("input[type=radio]").last.check()
        card.locator("input[name=note]").fill("بحسب الإفصاح")
        card.locator("button").click()
        page.wait_for_url(re.compile("done=1"))
        assert "ui=ar" in page.url
    (made,) = store.decisions()
    assert (made.kind, made.property, made.note) == ("set", "date", "بحسب الإفصاح")


def test_the_graph_grows_and_shows_neighbours(browser: Any, desk: str) -> None:
    with opened(browser) as page:
        page.goto(f"{desk}/flow")
        before = page.locator("svg.graph").get_attribute("viewBox")
        page.click("[data-zoom=in]")
        assert page.locator("svg.graph").get_attribute("viewBox") != before
        page.click("[data-zoom=fit]")
        page.locator("svg.graph a").last.hover()
        assert page.locator("svg.graph .near").count() > 1


def test_without_scripts_it_works_too(browser: Any, desk: str) -> None:
    with opened(browser, java_script_enabled=False) as page:
        page.goto(f"{desk}/events")
        page.select_option("select[name=type]", "loan")
        page.click("form button[type=submit]")
        assert page.locator("tr[data-event]").count() == 2


def test_the_report_opens_from_disk(browser: Any, store: Store, tmp_path: Path) -> None:
    write_report(Desk(store, deal_schema(), fold_name), tmp_path / "report", [], "ar", 1000)
    with opened(browser) as page:
        page.goto((tmp_path / "report" / "index.html").as_uri())
        rows = page.locator("tr[data-event]:visible").count()
        page.fill("input[data-filter]", "SoftBank")
        assert 0 < page.locator("tr[data-event]:visible").count() < rows
        page.locator("tr[data-event]:visible a.open").first.click()
        assert page.locator("blockquote").count() == 1
        assert page.evaluate("getComputedStyle(document.body).margin") == "0px"  # its style sheet is there


@pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not installed")
@pytest.mark.parametrize("tag", ["en", "ar"])
def test_axe_finds_no_serious_fault(browser: Any, desk: str, tag: str) -> None:
    script = AXE.read_text("utf-8")
    with opened(browser) as page:
        paths = (*PAGES, event_of(page, desk, "type=investment"), event_of(page, desk, "language=ar"))
        found = []
        for path in paths:
            page.goto(f"{desk}{path}{'&' if '?' in path else '?'}ui={tag}")
            page.evaluate(script)
            faults = page.evaluate("axe.run(document, {resultTypes: ['violations']}).then(r => r.violations)")
            found += [
                (path, fault["id"], fault["nodes"][0]["html"][:160])
                for fault in faults
                if fault["impact"] in ("serious", "critical")
            ]
    assert found == []
