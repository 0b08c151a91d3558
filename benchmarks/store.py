"""How long the store takes: a night of new claims, a night without, an undo, a rebuild.

    python benchmarks/store.py [--claims 1000000] [--new 10000] [--rebuild] [--folder DIR] [--store URL]

Claims are made up with the skew of news: few companies are in most deals (Zipf), few deals in many articles (the first of
a million claims' deals in some 1,500), told within weeks, some years later; half of the claims lack a date, a quarter an
amount. The time of making them up is counted where the bar says so.
Peers, from their own documents and from runs on two cores: Splink 5 links 1 M records anew in 30.5 s (clusters only, no
provenance); nomenklatura takes 25.5 s for 1,000 statements more on 500,000 in one dataset, and 19.2 s to undo at 1 M edges.
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from sqlalchemy import func, select

from extractors.match import deal_schema
from models.article import Article
from models.claim import Claim, Evidence, Extraction
from models.engine import reading
from models.export import export_store
from models.mention import Amount, DateMention, Name, Rate
from models.queries import get_event
from models.schema import claim, event_version
from models.store import Store

KINDS = (("purchase", "buyer", "supplier"), ("investment", "investor", "target"), ("acquisition", "acquirer", "target"),
         ("loan", "lender", "borrower"))  # fmt: skip
START = datetime(2026, 1, 1, tzinfo=UTC)
CLAIMS_AN_ARTICLE = 3


def _name(number: int) -> Name:
    text = f"Company {number:06}"
    return Name(0, len(text), text, text, f"c{number}" if number % 3 else None, "company")


def _deal(number: int, companies: int) -> tuple[str, dict[str, tuple[Name, ...]], Decimal, date]:
    """The deal of a number, always the same one."""
    choose = random.Random(number)
    kind, first, second = KINDS[number % len(KINDS)]
    one, other = (min(companies - 1, int(companies ** choose.random())) for _ in range(2))
    day = date(2020, 1, 1) + timedelta(days=choose.randrange(2000))
    return kind, {first: (_name(one),), second: (_name(other + companies),)}, Decimal(choose.randrange(10, 9999) * 1_000_000), day


def articles(first: int, claims: int, total: int) -> Iterator[tuple[Article, Extraction]]:
    """Articles `first`, `first` + 1, … with `claims` claims in all, of a world of about 0.4 deals a claim of `total`."""
    deals, companies = max(10, int(total * 0.5)), max(50, total // 20)
    rate = (Rate("USD", Decimal(1), "2026-01-01", "bench"), Rate("HKD", Decimal("7.8"), "2026-01-01", "bench"))
    for number in range(first, first + claims // CLAIMS_AN_ARTICLE + 1):
        choose = random.Random(f"article {number}")
        found = []
        day = date(2020, 1, 1)
        text = f"Article {number} says what it says. "
        for n in range(min(CLAIMS_AN_ARTICLE, claims - (number - first) * CLAIMS_AN_ARTICLE)):
            which = choose.randrange(deals) if choose.random() < 0.7 else int(deals * choose.random() ** 2.5)
            kind, roles, value, day = _deal(which, companies)
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
        published = (day + timedelta(days=min(1500, int(choose.expovariate(1 / 30))))).isoformat()
        article = Article(f"{number}", text, None, None, f"source {number % 200}", "zh-Hans", "CN", published)
        yield article, Extraction(article.id, "zh-Hans", "CN", published, tuple(found))


@contextmanager
def timed(what: str, bar: str = "") -> Iterator[None]:
    start, cpu = time.perf_counter(), time.process_time()
    yield
    cpu = time.process_time() - cpu
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    wall = time.perf_counter() - start
    print(f"{what:<40} {wall:9.3f} s   CPU {cpu:9.3f} s   peak {memory:5.2f} GiB   {bar}", flush=True)


def night(store: Store, day: int, told: list[tuple[Article, Extraction]]) -> int:
    """One run; returns how many events it touched."""
    run_id = store.begin_run(START + timedelta(days=day), "bench", f"day {day}")
    store.add_documents(run_id, [article for article, _ in told])
    read = {article.id: extraction for article, extraction in told}
    store.add_extractions(run_id, "bench", [(version, article, read[article.id]) for version, article in store.pending("bench")])
    return store.merge(run_id, deal_schema()).touched


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--claims", type=int, default=100_000)
    parser.add_argument("--new", type=int, default=10_000)
    parser.add_argument("--chunk", type=int, default=100_000)
    parser.add_argument("--rebuild", action="store_true")
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--store")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        url = options.store or f"sqlite:///{folder}/bench.db"
        with Store.open(url) as store:
            told = 0
            day = 0
            with timed(f"load {options.claims:,} claims"):
                while told < options.claims:
                    size = min(options.chunk, options.claims - told)
                    night(store, day, list(articles(told, size, options.claims)))
                    told, day = told + size, day + 1
            new = options.new
            with timed(f"{new:,} new claims, made up and merged", "bar at 1 M: < 5 s"):
                touched = night(store, day, list(articles(10 * options.claims, new, options.claims)))
            print(f"  ({touched:,} events touched)")
            again = list(articles(10 * options.claims, new, options.claims))
            with timed("the same night again", "bar at 1 M: < 2 s"):
                assert night(store, day + 1, again) == 0
            _undo(store, day + 2)
            if options.rebuild:
                run_id = store.begin_run(START + timedelta(days=day + 9), "bench", "rebuild")
                with timed("rebuild from claims and decisions", "bar at 1 M: < 60 s, < 2 GB"):
                    assert store.rebuild(run_id, deal_schema()).touched == 0
            with timed("export to Parquet"):
                export_store(store, Path(folder) / "out", "parquet")
            with reading(store.engine) as connection:
                tables = (claim, event_version)
                counts = [connection.execute(select(func.count()).select_from(table)).scalar() for table in tables]
            print(f"{counts[0]:,} claims, {counts[1]:,} versions of events")


def _undo(store: Store, day: int) -> None:
    """Join two events by a decision, then take it back."""
    with reading(store.engine) as connection:
        e = event_version.c
        one, other = connection.execute(select(e.event_id).where(e.known_to.is_(None), e.type == "loan").limit(2)).scalars()
    decided = store.decide(START, "bench", "same", one, other)
    schema = deal_schema()
    run_id = store.begin_run(START + timedelta(days=day), "bench", "join")
    with timed("one decision"):
        assert store.merge(run_id, schema).touched
    run_id = store.begin_run(START + timedelta(days=day + 1), "bench", "undo")
    with timed("its undo", "bar at 1 M: < 50 ms"):
        store.decide(START, "bench", "retract", decided)
        assert store.merge(run_id, schema).touched
    assert get_event(store, one)


if __name__ == "__main__":
    main(sys.argv[1:])
