"""How fast each reading step is, on one core, and that its cost grows with the length of the text and nothing else.

    python benchmarks/grammars.py                          # make bench
    python benchmarks/grammars.py --rules [NEWS.jsonl …]   # the rules alone, by how many deals the texts tell
    python benchmarks/grammars.py --peers PYTHON           # make bench-peers: PYTHON has benchmarks/peers.txt installed

Texts are the bundled samples and, where the folder `shared` is at hand (DEALWIRE_SHARED, or beside the repository), its
articles and one day of its stream. Figures are code points of published text a second, the best of three runs.
"""

from __future__ import annotations

import argparse
import functools
import gzip
import json
import math
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import accumulate, cycle
from pathlib import Path

from rich.console import Console
from rich.table import Table

from extractors.amounts import find_amounts
from extractors.dates import find_dates
from extractors.names import find_names
from extractors.normalize import CleanText, normalize
from extractors.pipeline import extract
from extractors.published import publication_date
from extractors.tagger import GRAMMAR
from extractors.times import find_times
from models.article import Article

ROOT = Path(__file__).resolve().parent.parent
STREAM_DAY = "tw-2026-07-15.jsonl.gz"
RUNS = 3
RUNS_OF_RULES = 7
"""More, for a few seconds each: the best of them differs less from one day to the next"""
SIZES = (1_000, 100_000, 10_000_000)
PIPELINE_MOST = 900_000
"""Code points: spaCy refuses a Doc of more than a million"""
ODD_SIZES = (10_000, 100_000)
ODD = {
    "digits": "1", "digit groups": "1,000,", "numerals": "一", "scales": "億", "years": "2025年", "months": "十月",
    "brackets": "(", "spaces": " ", "marks": "ـ\u200f", "Latin": "OpenAI ",
    "Arabic scales": "مليار ", "Arabic and": "و", "Arabic ranges": "من 5 إلى ",
}  # fmt: skip
RULES_MOST = 500_000
"""Code points of one set of texts that the rules alone are timed on"""
PEERS_MOST = 200_000
"""Code points of one set of texts that peers are asked to read"""
LIMIT = 20
"""Seconds after which one measurement is given up"""

Work = Callable[[Article, CleanText], object]


def _normalize(article: Article, _: CleanText) -> object:
    return normalize(article.text)


def _find_amounts(article: Article, clean: CleanText) -> object:
    return find_amounts(clean, article.language or "", article.region)


def _find_dates(article: Article, clean: CleanText) -> object:
    return find_dates(clean, article.language or "", publication_date(article), article.region)


def _find_times(article: Article, clean: CleanText) -> object:
    return find_times(clean, article.language or "", publication_date(article), article.region)


def _find_names(article: Article, clean: CleanText) -> object:
    return find_names(clean, article.language or "")


def _extract(article: Article, _: CleanText) -> object:
    return extract(article)


def _extract_by_rules(article: Article, _: CleanText) -> object:
    return extract(article, model=GRAMMAR)


GRAMMARS: dict[str, Work] = {
    "normalize": _normalize, "find_amounts": _find_amounts, "find_dates": _find_dates, "find_times": _find_times,
    "find_names": _find_names,
}  # fmt: skip
PIPELINE: dict[str, Work] = {"rules alone": _extract_by_rules, "whole pipeline": _extract}
STEPS = GRAMMARS | PIPELINE


def texts_and_metas(folder: Path) -> Iterator[Article]:
    """`<id>.txt` with `<id>.meta.json` beside it, as both the samples and the shared articles are laid out."""
    for path in sorted(folder.glob("*.txt")):
        meta = json.loads(path.with_suffix(".meta.json").read_text("utf-8"))
        where = {key: meta.get(key) for key in ("language", "region", "published")}
        yield Article(path.stem, path.read_text("utf-8"), **where)


def stream_day(path: Path) -> Iterator[Article]:
    """The news items of a file; those without text are left out."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        for values in map(json.loads, lines):
            if values.get("text"):
                yield Article(
                    values["id"], values["text"],
                    language=values.get("language"), region=values.get("region"), published=values.get("published"),
                )  # fmt: skip


def corpora() -> dict[str, list[Article]]:
    """Every set of texts that is at hand, by name."""
    found: dict[str, list[Article]] = {}
    for article in texts_and_metas(ROOT / "corpus" / "samples"):
        found.setdefault(f"samples {article.language}", []).append(article)
    shared = Path(os.environ.get("DEALWIRE_SHARED", ROOT.parent / "shared"))
    if (shared / "articles").is_dir():
        found["shared articles"] = list(texts_and_metas(shared / "articles"))
    if (shared / "stream" / STREAM_DAY).is_file():
        found["one day of the stream"] = [a for a in stream_day(shared / "stream" / STREAM_DAY) if a.language]
    return found


def _give_up(*_: object) -> None:
    raise TimeoutError


def best(work: Callable[[], object], runs: int = RUNS) -> float:
    """Seconds of processor time of the best run; infinite when one takes longer than `LIMIT`."""
    seconds = [math.inf]
    signal.signal(signal.SIGALRM, _give_up)
    for _ in range(runs):
        signal.alarm(LIMIT)
        start = time.process_time()
        try:
            work()
        except TimeoutError:
            return math.inf
        finally:
            signal.alarm(0)
        seconds.append(time.process_time() - start)
    return max(min(seconds), 1e-9)


def over_all(work: Work, pairs: Iterable[tuple[Article, CleanText]]) -> None:
    """Do the work on every article."""
    for article, clean in pairs:
        work(article, clean)


def figure(value: float, shape: str = ",.0f") -> str:
    """A number for people; infinite and zero mean that the measurement was given up."""
    return format(value, shape) if math.isfinite(value) and value else f"over {LIMIT} s"


def throughput() -> Table:
    """Code points a second, texts down, steps across."""
    table = Table("texts", "articles", "code points", *STEPS, title="code points a second")
    for name, articles in corpora().items():
        pairs = [(article, normalize(article.text)) for article in articles]
        length = sum(len(article.text) for article in articles)
        cells = [figure(length / best(functools.partial(over_all, work, pairs))) for work in STEPS.values()]
        table.add_row(name, f"{len(articles):,}", f"{length:,}", *cells)
    return table


def rules_alone(files: Iterable[Path]) -> Table:
    """Code points a second without any learned weights, of at most `RULES_MOST`: a text that tells many deals takes longer."""
    table = Table("texts", "articles", "code points", "claims", "code points a claim", "a second", title="rules alone")
    for name, found in (corpora() | {path.name: list(stream_day(path)) for path in files}).items():
        ends = accumulate(len(article.text) for article in found)
        articles = [article for article, end in zip(found, ends, strict=True) if end <= RULES_MOST]
        length = sum(len(article.text) for article in articles)
        claims = sum(len(extract(article, model=GRAMMAR).claims) for article in articles)
        work = functools.partial(over_all, _extract_by_rules, [(article, normalize("")) for article in articles])
        table.add_row(
            name, f"{len(articles):,}", f"{length:,}", f"{claims:,}", f"{length / max(claims, 1):,.0f}",
            figure(length / best(work, RUNS_OF_RULES)),
        )  # fmt: skip
    return table


def repeated(texts: Iterable[str], size: int) -> str:
    """The texts over and over, to `size` bytes of UTF-8."""
    parts, left = [], size
    for text in cycle(texts):
        parts.append(text)
        left -= len(text.encode()) + 1
        if left <= 0:
            return "\n".join(parts).encode()[:size].decode(errors="ignore")
    raise ValueError("no texts")


def cost(work: Work, article: Article) -> float:
    """Nanoseconds a code point."""
    clean = normalize(article.text)
    return best(lambda: work(article, clean), runs=1 if len(article.text) > 1_000_000 else RUNS) / len(article.text) * 1e9


def growth() -> Table:
    """Nanoseconds a code point at growing length: a step whose figures rise along the row is not linear."""
    sizes = (f"{size:,} bytes" for size in SIZES)
    table = Table("texts", "step", *sizes, title="nanoseconds a code point, by length of one text")
    for name, articles in corpora().items():
        if not name.startswith("samples"):
            continue
        for step, work in STEPS.items():
            cells = []
            for size in SIZES:
                text = repeated([article.text for article in articles], size)
                if step in PIPELINE:
                    text = text[:PIPELINE_MOST]
                article = replace(articles[0], text=text, title=None)
                cells.append(figure(cost(work, article)))
            table.add_row(name, step, *cells)
    return table


def odd_texts() -> Table:
    """Growth on texts of one thing only, where a pattern that backtracks would show: cost at the larger size over the smaller."""
    small, large = ODD_SIZES
    table = Table("text", *GRAMMARS, title=f"cost a code point at {large:,} over {small:,} code points (1.0 is linear)")
    for name, unit in ODD.items():
        language = "ar" if any("\u0600" <= char <= "\u06ff" for char in unit) else "zh-Hant"
        cells = []
        for work in GRAMMARS.values():
            few, many = (Article("odd", (unit * size)[:size], language=language, published="2026-07-15") for size in ODD_SIZES)
            cells.append(figure(cost(work, many) / cost(work, few), ".1f"))
        table.add_row(name, *cells)
    return table


def _normalized(articles: Iterable[Article], work: Work) -> None:
    over_all(work, ((article, normalize(article.text)) for article in articles))


def beside_peers(python: str) -> Table:
    """Our steps and other libraries on the same texts in the same run. Peers get simplified text: they read no other."""
    table = Table("texts", "what", "library", "code points a second", "ours is faster by", title="beside other libraries")
    for name, articles in by_language(corpora()):
        cleans = [normalize(article.text) for article in articles]
        length = sum(len(clean.text) for clean in cleans)
        both = functools.partial(_normalized, articles)
        works = {"money": _find_amounts, "dates": _find_dates}
        ours = {what: length / best(functools.partial(both, work)) for what, work in works.items()}
        question = json.dumps({"language": articles[0].language, "texts": [clean.text for clean in cleans]})
        command = [python, str(ROOT / "benchmarks" / "peers.py")]
        answer = subprocess.run(command, input=question, capture_output=True, text=True, check=True)
        for what, speed in (ours | {"both": together(ours.values())}).items():
            table.add_row(name, what, "dealwire (with normalize)", f"{speed:,.0f}", "")
        peers: dict[str, dict[str, float]] = {}
        for peer in json.loads(answer.stdout.splitlines()[-1]):
            peers.setdefault(peer["library"].split(" (")[0], {})[peer["what"]] = length / peer["seconds"]
        for library, speeds in peers.items():
            for what, speed in (speeds | {"both": together(speeds.values())}).items():
                by = (ours | {"both": together(ours.values())})[what] / speed
                table.add_row(name, what, library, f"{speed:,.0f}", f"{by:,.1f} times")
    return table


def together(speeds: Iterable[float]) -> float:
    """Code points a second of several readings one after the other."""
    return 1 / sum(1 / speed for speed in speeds)


def by_language(texts: dict[str, list[Article]]) -> Iterator[tuple[str, list[Article]]]:
    """Each set of texts by the language that a peer is asked in, cut to what the slowest peer can read in a minute or two."""
    for name, articles in texts.items():
        for language in sorted({article.language or "" for article in articles}):
            chosen, left = [], PEERS_MOST
            for article in articles:
                if article.language == language and left > 0:
                    chosen.append(article)
                    left -= len(article.text)
            yield name if name.startswith("samples") else f"{name} {language}", chosen


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--peers", metavar="PYTHON", help="an interpreter that has benchmarks/peers.txt installed")
    parser.add_argument("--rules", metavar="NEWS", nargs="*", type=Path, help="the rules alone; files of further news")
    asked = parser.parse_args()
    peers = asked.peers
    console = Console(width=None if sys.stdout.isatty() else 140)
    tables: tuple[Callable[[], Table], ...] = (throughput, growth, odd_texts)
    if asked.rules is not None:
        tables = (functools.partial(rules_alone, asked.rules),)
    elif peers:
        tables = (functools.partial(beside_peers, peers),)
    for make in tables:
        console.print(make())
        sys.stdout.flush()


if __name__ == "__main__":
    main()
