"""How long the store takes: a night of new claims, a night without, an undo, a rebuild; at several sizes of the store.

    python benchmarks/store.py [--sizes 10000,100000,1000000] [--new 10000] [--workers 2] [--folder DIR] [--store URL]
    python benchmarks/store.py --peers PYTHON    # on the same claims others, from an interpreter with benchmarks/store_peers.txt

Claims are made up with the skew of news. Few companies are in most deals (Zipf: the first is in one of sixteen); one deal of
a hundred is told by a quarter of all claims; most articles tell what happened within weeks, one claim of seven goes back to
any year before; half of the claims lack a date, a quarter an amount. Articles come in the order of their publication, over
six years. Making them up is not counted. Every size has the same world of deals: a night differs by what is in the store.
A store grows by claims that are all merged at once, by a rebuild; it is the rebuild that is shown, of the store as it then is.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Self, TypeVar

from sqlalchemy import select

from extractors.match import deal_schema
from models.article import Article
from models.claim import Claim, Evidence, Extraction
from models.engine import reading
from models.export import export_store
from models.mention import Amount, DateMention, Name, Rate
from models.queries import get_event
from models.schema import event_number, event_version
from models.store import Store

KINDS = (("purchase", "buyer", "supplier"), ("investment", "investor", "target"), ("acquisition", "acquirer", "target"),
         ("loan", "lender", "borrower"))  # fmt: skip
START = datetime(2026, 1, 1, tzinfo=UTC)
CLAIMS_AN_ARTICLE = 3
DAYS = 2200
_TIMES = 5

Result = TypeVar("Result")


def _name(number: int) -> Name:
    text = f"Company {number:06}"
    return Name(0, len(text), text, text, f"c{number}" if number % 3 else None, "company")


def _deal(number: int, companies: int, deals: int) -> tuple[str, dict[str, tuple[Name, ...]], Decimal, date]:
    """The deal of a number, always the same one; deals are numbered by their day."""
    choose = random.Random(number)
    kind, first, second = KINDS[number % len(KINDS)]
    one, other = (min(companies - 1, int(companies ** choose.random())) for _ in range(2))
    day = date(2020, 1, 1) + timedelta(days=DAYS * number // deals)
    return kind, {first: (_name(one),), second: (_name(other + companies),)}, Decimal(choose.randrange(10, 9999) * 1_000_000), day


def _told(choose: random.Random, now: int) -> int:
    """Which deal a claim tells when `now` deals have happened."""
    back = choose.random() * now if choose.random() < 0.15 else choose.expovariate(1 / (1 + now * 0.01))
    which = max(0, now - 1 - int(back))
    return which - which % 100 if choose.random() < 0.25 else which


def articles(first: int, claims: int, world: int) -> list[tuple[Article, Extraction]]:
    """Articles `first`, `first` + 1, … with `claims` claims in all, of a world of `world` claims and half as many deals."""
    deals, companies = max(1000, world // 2), max(50, world // 20)
    last = world // CLAIMS_AN_ARTICLE
    rate = (Rate("USD", Decimal(1), "2026-01-01", "bench"), Rate("HKD", Decimal("7.8"), "2026-01-01", "bench"))
    made = []
    for number in range(first, first + -(-claims // CLAIMS_AN_ARTICLE)):
        choose = random.Random(f"article {number}")
        published = date(2020, 1, 2) + timedelta(days=DAYS * number // last)
        found = []
        text = f"Article {number} says what it says. "
        for n in range(min(CLAIMS_AN_ARTICLE, claims - (number - first) * CLAIMS_AN_ARTICLE)):
            which = _told(choose, max(1, deals * number // last))
            kind, roles, value, day = _deal(which, companies, deals)
            amount = Amount(0, 5, text[:5], value, None, None, currency="USD", kind="deal", rates=rate)
            mention = DateMention(0, 5, text[:5], day.isoformat(), "day", day, day + timedelta(days=1))
            quote = f"{kind} {which}."
            start = len(text)
            text += f"{quote} "
            found.append(Claim(
                kind, choose.choice(("talks", "agreed", "completed")), roles, (Evidence(start, start + len(quote), quote),),
                amount=amount if choose.random() < 0.75 else None, date=mention if choose.random() < 0.5 else None,
                confidence=0.5 + 0.1 * n,
            ))  # fmt: skip
        source = f"source {number % 200}"
        article = Article(f"{number}", text, None, None, source, "zh-Hans", "CN", published.isoformat())
        made.append((article, Extraction(article.id, "zh-Hans", "CN", published.isoformat(), tuple(found))))
    return made


def timed(act: Callable[[], Result]) -> tuple[Result, float, float]:
    """(what it returns, seconds by the clock, seconds of the processor)."""
    start, cpu = time.perf_counter(), time.process_time()
    result = act()
    return result, time.perf_counter() - start, time.process_time() - cpu


class Memory:
    """What this process and those it starts take together at most, in bytes, while it is entered; 0 where the system cannot say.

    Once a second their proportional set sizes are added: what several have in common counts once.
    """

    def __init__(self) -> None:
        self.peak = 0
        self._done = threading.Event()
        self._watch = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Self:
        self._watch.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._watch.join()

    def _look(self) -> None:
        while not self._done.wait(1):
            self.peak = max(self.peak, sum(map(_proportional, _with_started(os.getpid()))))


def _with_started(pid: int) -> Iterator[int]:
    """A process and those that it started, and those that these did."""
    yield pid
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):  # it has ended
            for child in path.read_text().split():
                yield from _with_started(int(child))


def _proportional(pid: int) -> int:
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0


def show(size: int, what: str, wall: float, cpu: float, bar: str = "") -> None:
    """One line of the report; the peak is of this process."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"{size:>9,}  {what:<38} {wall:8.3f} s  CPU {cpu:8.3f} s  peak {peak:5.2f} GiB  {bar}".rstrip(), flush=True)


def of_processes() -> float:
    """Processor seconds of processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


PEERS = (
    "Others, each on two cores: nomenklatura takes 25.5 s for 1,000 statements more on 500,000 in one dataset, and 19.2 s for an",
    "undo at 1 M edges; Splink 5 links 1 M records anew in 30.5 s (clusters only: no ids that stay, no provenance, no undo).",
)


def add(store: Store, day: int, told: list[tuple[Article, Extraction]]) -> str:
    """The first half of a run, which merges nothing yet; the run's id."""
    run_id = store.begin_run(START + timedelta(days=day), "bench", f"day {day}")
    store.add_documents(run_id, [article for article, _ in told])
    read = {article.id: extraction for article, extraction in told}
    store.add_extractions(run_id, "bench", [(version, article, read[article.id]) for version, article in store.pending("bench")])
    return run_id


def night(store: Store, day: int, told: list[tuple[Article, Extraction]], workers: int = 1) -> tuple[str, int]:
    """One run to the commit of its merge; its id and how many events it touched.

    Its processes start as those of a nightly run do: while claims are written.
    """
    store.prepare(deal_schema(), workers, sum(len(found.claims) for _, found in told))
    run_id = add(store, day, told)
    return run_id, store.merge(run_id, deal_schema(), workers=workers).touched


def _peers(python: str, sizes: list[int]) -> None:
    """Splink and nomenklatura on the claims of each size."""
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "claims.csv"
            with path.open("w", encoding="utf-8", newline="") as stream:
                rows = csv.writer(stream)
                rows.writerow(("unique_id", "type", "first", "second", "amount", "day", "deal"))
                claims = (claim for _, read in articles(0, size, size) for claim in read.claims)
                for number, claim in enumerate(claims):
                    first, second = (names[0].canonical for names in claim.roles.values())
                    amount = int(claim.amount.value) if claim.amount and claim.amount.value else None
                    deal = claim.evidence[0].quote.split()[-1].rstrip(".")
                    rows.writerow((number, claim.type, first, second, amount, claim.date.value if claim.date else None, deal))
            for peer in ("Splink", "nomenklatura"):
                _peer(python, peer, size, path)


def _peer(python: str, peer: str, size: int, path: Path) -> None:
    command = [python, str(Path(__file__).with_name("store_peers.py")), peer, str(path)]
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    wall = time.perf_counter() - start
    if done.returncode:
        print(f"{size:>9,}  {peer}: {done.stderr.strip().splitlines()[-1]}")
        return
    took = json.loads(done.stdout.splitlines()[-1])
    clusters = took.pop("clusters")
    steps = ", ".join(f"{what} {seconds:.2f} s" for what, seconds in took.items())
    show(size, f"{peer}: {clusters:,} clusters", wall, sum(took.values()), steps)


def main(arguments: list[str]) -> None:
    """Grow one store through the sizes and measure at each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="10000,100000", help="claims in the store, ascending")
    parser.add_argument("--new", type=int, default=10_000)
    parser.add_argument("--chunk", type=int, default=10_000, help="claims made up at a time: they are in memory, too")
    parser.add_argument("--workers", type=int, default=2, help="processes of a rebuild and of a night")
    parser.add_argument("--peers", metavar="PYTHON")
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--store")
    options = parser.parse_args(arguments)
    sizes = [int(size) for size in options.sizes.split(",")]
    if options.peers:
        _peers(options.peers, sizes)
        return
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        url = options.store or f"sqlite:///{folder}/bench.db"
        with Store.open(url) as store:
            curve = _grow(store, sizes, options.new, options.chunk, options.workers)
            _, w, c = timed(lambda: export_store(store, Path(folder) / "out", "parquet"))
            show(sizes[-1], "exported to Parquet", w, c)
    print("\nProcessor seconds of a night, of the same night again, of an undo, of a rebuild; and the last by claim:")
    for size, (new, again, undo, anew) in curve.items():
        print(f"{size:>9,}  {new:8.2f} {again:8.2f} {undo:8.3f} {anew:8.1f} {anew / size * 1e6:8.0f} µs")
    print("\n".join(PEERS))


def _grow(store: Store, sizes: list[int], new: int, chunk: int, workers: int) -> dict[int, tuple[float, float, float, float]]:
    """Processor seconds of what is measured, by size."""
    world, held, day, number = max(sizes), 0, 0, 0
    curve = {}
    for size in sizes:
        while held < size:
            told = articles(number, min(chunk, size - held), world)
            add(store, day, told)
            held, day, number = held + min(chunk, size - held), day + 1, number + len(told)
            del told
        run_id = store.begin_run(START + timedelta(days=day), "bench", "all that is new")
        store.rebuild(run_id, deal_schema(), workers=workers)
        run_id, before = store.begin_run(START + timedelta(days=day + 1), "bench", "rebuild"), of_processes()
        with Memory() as memory:
            counts, w, anew = timed(partial(store.rebuild, run_id, deal_schema(), workers=workers))
        anew += of_processes() - before
        together = f"all processes {memory.peak / 1e9:.2f} GB"
        show(size, "rebuilt from claims and decisions", w, anew, f"{together}  bar at 1 M: < 60 s, < 2 GB")
        assert counts.touched == 0
        told = articles(number, new, world)
        before = of_processes()
        (run_id, touched), w, c = timed(partial(night, store, day + 2, told, workers))
        c += of_processes() - before
        show(size, f"{new:,} new claims, {touched:,} events", w, c, "bar at 1 M: < 5 s")
        _, w, ended = timed(partial(store.finish_run, run_id, "done", {}))
        show(size, "the end of that run: its log taken over", w, ended)
        (_, repeated), w, again = timed(partial(night, store, day + 3, told))
        show(size, "the same night again", w, again, "bar at 1 M: < 2 s")
        assert repeated == 0
        held, number, day = held + new, number + len(told), day + 4
        curve[size] = c + ended, again, _undo(store, size, day), anew
        day += 2
    return curve


def _undo(store: Store, size: int, day: int) -> float:
    """Join two events by a decision, then take it back, several times; processor seconds of the middle one of the undos."""
    with reading(store.engine) as connection:
        e, k = event_version.c, event_number.c
        loans = (
            select(k.event_id)
            .join(event_version, e.event == k.number)
            .where(e.known_to.is_(None), e.type == "loan")
            .limit(2 * _TIMES)
        )
        events = connection.execute(loans).scalars().all()
    schema = deal_schema()

    def act(kind: str, *names: str) -> str:
        at = START + timedelta(days=day)
        run_id = store.begin_run(at, "bench", kind)
        decided = store.decide(at, "bench", kind, *names)
        assert store.merge(run_id, schema).touched
        return decided

    joins, undos = [], []
    for one, other in zip(events[::2], events[1::2], strict=True):
        decided, wall, cpu = timed(partial(act, "same", one, other))
        joins.append((cpu, wall))
        _, wall, cpu = timed(partial(act, "retract", decided))
        undos.append((cpu, wall))
        assert get_event(store, one)
    for what, took, bar in (("one decision", joins, ""), ("its undo", undos, "bar at 1 M: < 50 ms")):
        cpu, wall = sorted(took)[_TIMES // 2]
        show(size, f"{what}, the middle of {_TIMES}", wall, cpu, f"worst {max(took)[0]:.3f} s  {bar}")
    return sorted(undos)[_TIMES // 2][0]


if __name__ == "__main__":
    main(sys.argv[1:])
