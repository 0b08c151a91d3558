"""The desk as a folder of files: the same pages, which open from disk and can be mailed. No server, nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

from desk.app import STATIC
from desk.filters import EventFilter, read_filter
from desk.i18n import tongue
from desk.index import Index, ids_of
from desk.links import Pairs
from desk.pages import Page, View, company, event, events, flow, review, runs
from desk.render import html
from desk.review import QUEUES
from desk.state import Desk, State
from models.desk_queries import current_events
from models.errors import StoreError
from models.ids import content_id

FORMS = {"csv": "events.csv", "parquet": "events.parquet", "svg": "money-flow.svg", "graphml": "money-flow.graphml"}
_ROWS = 1000
"""Events on a page: they are filtered within it"""
_GRAPH: Pairs = (("companies", "150"),)


@dataclass(slots=True)
class FileLinks:
    """Addresses of the files. Asking for one has it written; what is not part of the report has the address ""."""

    index: Index
    wanted: dict[str, Callable[[View], Page]] = field(default_factory=dict)

    @property
    def live(self) -> bool:
        """No server answers."""
        return False

    @property
    def ui(self) -> None:
        """The report is in one language."""
        return

    def _file(self, name: str, make: Callable[[View], Page]) -> str:
        self.wanted.setdefault(name, make)
        return name

    def events(self, asked: EventFilter) -> str:
        """A page of all events of the report; other filters need a server."""
        if asked.on_page(1) != EventFilter():
            return ""
        name = "index.html" if asked.page == 1 else f"events-{asked.page}.html"
        return self._file(name, lambda view: events.events_page(view, asked.query(), _ROWS))

    def download(self, asked: EventFilter, form: str) -> str:
        """The events as a file."""
        return FORMS[form] if asked.on_page(1) == EventFilter() else ""

    def event(self, event_id: str) -> str:
        """One event of the report."""
        if event_id not in self.index.row_of:
            return ""
        return self._file(f"event-{event_id}.html", lambda view: event.event_page(view, event_id))

    def article(self, version_id: str, page: int = 1) -> str:
        """An article as published."""
        return self._file(f"article-{version_id}-{page}.html", lambda view: event.article_page(view, version_id, page))

    def flow(self, pairs: Pairs, form: str = "") -> str:  # noqa: ARG002 -- there is one graph
        """The graph of the report, or a file of it."""
        return FORMS[form] if form else self._file("flow.html", lambda view: flow.flow_page(view, _GRAPH))

    def companies(self, pairs: Pairs = ()) -> str:
        """A page of the list of companies."""
        number = int(dict(pairs).get("page", "1"))
        return self._file(f"companies-{number}.html", lambda view: company.companies_page(view, "", number))

    def company(self, name: str) -> str:
        """One company of the report."""
        if name not in self.index.codes.numbers:
            return ""
        return self._file(f"company-{content_id(name)}.html", lambda view: company.company_page(view, name))

    def review(self, queue: str = "", page: int = 1) -> str:
        """A queue of the review list, to read."""
        name = queue or QUEUES[0]
        return self._file(f"review-{name}-{page}.html", lambda view: review.review_page(view, name, page))

    def runs(self, page: int = 1) -> str:
        """The last nights."""
        return self._file(f"runs-{page}.html", lambda view: runs.runs_page(view, page))

    def run(self, run_id: str) -> str:
        """One run."""
        return self._file(f"run-{run_id}.html", lambda view: runs.run_page(view, run_id))

    def quarantined(self, item_id: str) -> str:
        """One item in quarantine."""
        return self._file(f"quarantine-{item_id}.html", lambda view: runs.quarantine_page(view, item_id))

    def static(self, name: str) -> str:
        """A style sheet or script."""
        return f"static/{name}"

    def here(self, tag: str) -> str:  # noqa: ARG002 -- there is one language
        """No other language."""
        return ""


class _Part(Desk):
    """A desk over some of the events of another."""

    def __init__(self, whole: Desk, state: State) -> None:
        self.store, self.schema, self.reviewer, self.code = whole.store, whole.schema, None, whole.code
        self._part = state

    def state(self) -> State:
        """The events of the report, as they were when it was begun."""
        return self._part


@dataclass(frozen=True, slots=True)
class Written:
    """What a report holds: its files, its events, and how many events of the query it left out."""

    files: int
    events: int
    left_out: int


def write_report(desk: Desk, folder: Path, query: Pairs, tag: str, most: int) -> Written:
    """Write the events of a query string (at most `most` of them, in its order) and all that belongs to them into `folder`.

    Raises FilterError for a query that cannot be read, StoreError for a folder that cannot be written or holds other files.
    """
    asked = read_filter(query, desk.schema.kinds)
    whole = desk.state()
    rows = whole.index.find(asked, whole.night.seq)
    ids = ids_of(whole.index, rows[:most])
    index = Index.of(current_events(desk.store, ids), desk.schema.kinds, desk.fold, whole.index.seq)
    part = _Part(desk, State(whole.seen, index, whole.night))
    links = FileLinks(index)
    view = View(part, tongue(tag), links)
    try:
        _make(folder)
        count = _write(folder, view, links)
    except OSError as error:
        raise StoreError(f"{error.filename or folder}: {error.strerror or error}") from None
    return Written(count, len(index), len(rows) - len(ids))


def _make(folder: Path) -> None:
    """The folder, without the pages of an older report in it. One with other things in it is not touched."""
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()) and not (folder / "static" / STATIC[0]).is_file():
        raise StoreError(f"{folder}: holds other files; a report wants a folder of its own")
    for old in folder.glob("*.html"):
        old.unlink()
    (folder / "static").mkdir(exist_ok=True)


def _write(folder: Path, view: View, links: FileLinks) -> int:
    for name in STATIC:
        (folder / "static" / name).write_bytes((files("desk") / "static" / name).read_bytes())
    links.events(EventFilter())
    done: set[str] = set()
    while waiting := links.wanted.keys() - done:
        for name in sorted(waiting):
            (folder / name).write_text(html(view, links.wanted[name](view)), encoding="utf-8")
            done.add(name)
    ids: Sequence[str] = events.found_ids(view.desk, EventFilter())
    (folder / FORMS["csv"]).write_bytes(b"".join(events.csv_lines(view.desk, ids)))
    (folder / FORMS["parquet"]).write_bytes(events.parquet(view.desk, ids))
    (folder / FORMS["svg"]).write_text(flow.flow_svg(view, _GRAPH), encoding="utf-8")
    (folder / FORMS["graphml"]).write_bytes(flow.flow_graphml(view, _GRAPH))
    return len(done) + len(STATIC) + len(FORMS)
