"""Hostile text shows as text, hostile requests are refused, and no answer goes out without its headers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from starlette.testclient import TestClient

from desk.app import create_app
from desk.render import environment
from desk.state import Desk
from desk.text import Mark, passage, pieces, visible
from extractors.match import deal_schema, fold_name
from models.article import Article
from models.claim import Claim, Evidence, Extraction
from models.mention import Name
from models.store import Store
from tests.desk_store import fill

ATTACKS = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "\"><svg onload=alert(1)>", "'-alert(1)-'",
    "</blockquote><h1>mine</h1>",
    "<a href=javascript:alert(1)>x</a>", "{{ 7*7 }}{% raw %}", "${7*7}", "<!--", "]]>", "&lt;b&gt;&#x202e;",
    "<style>*{display:none}</style>",
    "<base href=//evil.example>", "<meta http-equiv=refresh content=0>", "</title><script>1</script>", "<iframe srcdoc=x>",
    "\u202egnp.exe", "\u2066\u2067abc\u2069", "a\u2028b", "\ufeffstart", "\x1b[31mred", "%3Cscript%3E", "../../../etc/passwd",
    "a" * 300,
]  # fmt: skip
HIDDEN = re.compile("[\u202a-\u202e\u2066-\u2069\u2028\u2029\ufeff\x1b]")


class _Reader(HTMLParser):
    """Every tag with its attributes, and the text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def attacked(number: int, attack: str) -> tuple[Article, Extraction]:
    """An article whose every field is an attack."""
    text = f"{attack} pays {attack} for {attack}."
    names = [Name(0, len(attack), attack, f"{attack} {side}", None, "company") for side in ("one", "other")]
    roles = {"buyer": (names[0],), "supplier": (names[1],)}
    claim = Claim("purchase", "agreed", roles, (Evidence(0, len(text), text),), term=attack, attribution=attack)
    article = Article(
        f"{attack} {number}", text, attack, f"javascript:alert({number})//{attack}", attack, "zh-Hant", "HK", "2025-12-17"
    )
    return article, Extraction(article.id, "zh-Hant", "HK", "2025-12-17", (claim,), issues=(attack,))


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with Store.open(f"sqlite:///{tmp_path_factory.mktemp('desk')}/desk.db") as store:
        fill(store, items=[attacked(number, attack) for number, attack in enumerate(ATTACKS)])
        for attack in ATTACKS:
            store.add_quarantine(store.runs()[0].run_id, attack, attack, attack, attack.encode())
        with TestClient(
            create_app(Desk(store, deal_schema(), fold_name, reviewer=ATTACKS[0])), base_url="http://localhost"
        ) as found:
            yield found


def crawl(client: TestClient) -> Iterator[tuple[str, str]]:
    """(address, HTML) of every page that links lead to."""
    waiting, seen = ["/events", "/flow?companies=500", "/review/quarantine", "/review/pairs", "/runs"], set[str]()
    while waiting:
        path = waiting.pop()
        if path in seen or path.startswith(("/events?", "/flow?circle")) or ".csv" in path or ".parquet" in path or "ui=" in path:
            continue
        seen.add(path)
        answer = client.get(path)
        assert answer.status_code == 200, path
        if answer.headers["content-type"].startswith("text/html"):
            yield path, answer.text
            reader = _Reader()
            reader.feed(answer.text)
            waiting += [href for tag, attrs in reader.tags if tag == "a" and (href := attrs.get("href") or "").startswith("/")]


def test_hostile_text_is_text_on_every_page(client: TestClient) -> None:
    pages = dict(crawl(client))
    assert len(pages) > 4 * len(ATTACKS)
    for path, html in pages.items():
        reader = _Reader()
        reader.feed(html)
        scripts = [attrs for tag, attrs in reader.tags if tag == "script"]
        assert [attrs.get("src") for attrs in scripts] == ["/static/desk.js"], path
        assert not [tag for tag, _ in reader.tags if tag in ("img", "iframe", "base", "style", "object", "embed")], path
        named = {name for _, attrs in reader.tags for name in attrs}
        assert not [name for name in named if name.startswith("on") or name in ("style", "srcdoc")], path
        assert not [attrs for _, attrs in reader.tags if "javascript:" in (attrs.get("href") or "").split("?")[0]], path
        shown = [
            *reader.text,
            *(attrs.get(name) or "" for _, attrs in reader.tags for name in ("title", "aria-label", "placeholder")),
        ]
        assert [text for text in shown if HIDDEN.search(text)] == [], path
    everything = "".join(pages.values())
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in everything
    assert "U+202E" in everything


def test_a_search_says_what_was_asked_as_text(client: TestClient) -> None:
    for attack in ATTACKS:
        for path, name in (
            ("/events", "party"),
            ("/companies", "q"),
            ("/company", "name"),
            ("/events", "least"),
            ("/flow", "companies"),
        ):
            html = client.get(path, params={name: attack}).text
            reader = _Reader()
            reader.feed(html)
            assert len([tag for tag, _ in reader.tags if tag == "script"]) == 1


def test_the_drawings_are_well_formed_and_hold_no_script(client: TestClient) -> None:
    for path in ("/flow.svg?companies=500", "/flow.graphml?companies=500"):
        root = ET.fromstring(client.get(path).content)
        assert not [element for element in root.iter() if element.tag.rpartition("}")[2] in ("script", "foreignObject", "style")]


def test_every_answer_has_its_headers(client: TestClient) -> None:
    for path in ("/events", "/nothing", "/static/desk.css", "/events.csv", "/flow.svg", "/events?least=x"):
        headers = client.get(path).headers
        policy = headers["content-security-policy"]
        assert "unsafe" not in policy
        assert policy.startswith("default-src 'none'")
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
    cookie = client.get("/events").headers.get("set-cookie", "httponly; samesite=strict")
    assert {"httponly", "samesite=strict"} <= {part.strip().lower() for part in cookie.split(";")}


@pytest.mark.parametrize(
    ("host", "status"),
    [("localhost", 200), ("localhost:8800", 200), ("127.0.0.1:8800", 200), ("[::1]:8800", 200), ("LOCALHOST.", 200),
     ("evil.example", 421), ("evil.example:8800", 421), ("localhost.evil.example", 421), ("", 421),
     ("localhost@evil.example", 421)],
)  # fmt: skip
def test_only_our_own_name_is_answered(client: TestClient, host: str, status: int) -> None:
    assert client.get("/events", headers={"host": host}).status_code == status


@pytest.mark.parametrize(
    "path",
    ["/static/../../pyproject.toml", "/static/%2e%2e/app.py", "/static//etc/passwd", "/static/..%5capp.py",
     "/article/../../etc/passwd",
     "/quarantine/%2fetc%2fpasswd", "/event/..%2f..%2fdesk.db", "/static/desk.css%00.html"],
)  # fmt: skip
def test_no_path_outside_is_read(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_line_of_a_million_characters(tmp_path: Path) -> None:
    line = "<b>" + "長" * 1_000_000
    article, extraction = attacked(1, "x")
    long = Article(article.id, line + article.text, None, None, "long", "zh-Hant", "HK", "2025-12-17")
    evidence = Evidence(len(line), len(line) + len(article.text), article.text)
    claim = extraction.claims[0]
    read = Extraction(long.id, "zh-Hant", "HK", "2025-12-17", (Claim(claim.type, claim.status, claim.roles, (evidence,)),))
    with Store.open(f"sqlite:///{tmp_path}/desk.db") as store:
        fill(store, items=[(long, read)])
        with TestClient(create_app(Desk(store, deal_schema(), fold_name)), base_url="http://localhost") as client:
            event = re.search(r'"(/event/\w+)"', client.get("/events").text)
            assert event
            page = client.get(event[1])
            assert (page.status_code, len(page.content) < 30_000) == (200, True)
            found = re.search(r'"(/article/\w+)"', page.text)
            assert found
            first = client.get(found[1])
            assert (first.status_code, len(first.content) < 100_000, "&lt;b&gt;長" in first.text) == (200, True, True)
            last = client.get(f"{found[1]}?page=999999")
            assert '<mark class="m-evidence' in last.text


def test_pieces_are_the_text() -> None:
    text = "\u202eabc\x00輝達投資\ud800"
    found = pieces(text, [Mark(2, 6, "evidence"), Mark(4, 9, "name"), Mark(0, 99, "date")])
    back = "".join(chr(int(piece.text[2:], 16)) if piece.hidden else piece.text for piece in found)
    assert back == text
    assert visible(text) == "[U+202E]abc[U+0000]輝達投資[U+D800]"


def test_a_passage_holds_its_quote() -> None:
    text = "第一句。" * 100 + "輝達投資OpenAI。" + "後一句。" * 100
    start = text.index("輝達")
    found = passage(text, [], start, start + 4)
    shown = "".join(piece.text for piece in found.pieces)
    assert shown == text[found.start : found.end]
    assert "輝達投資" in shown
    assert (found.cut_before, found.cut_after, len(shown) < 600) == (True, True, True)


def test_templates_escape_everything() -> None:
    assert environment("en").autoescape is True
    folder = Path(__file__).parent.parent / "desk" / "templates"
    assert [path.name for path in folder.glob("*.html") if re.search(r"\|\s*safe|autoescape", path.read_text("utf-8"))] == []
