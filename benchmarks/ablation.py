"""What each way to find names adds: strict deal F1 with the table alone, with the grammar, with the checkpoint.

    python benchmarks/ablation.py ../shared/gold           # else the project's own gold

Every figure is measured twice: with the whole entity table, and with half of the companies taken out of it, chosen by their ids,
as a stand-in for news about companies that nobody has listed.
"""

from __future__ import annotations

import argparse
import zlib
from pathlib import Path

from rich.console import Console
from rich.table import Table

from corpus.entity_table import entities
from extractors.names import TABLES
from extractors.tagger import BUNDLED, GRAMMAR
from flows.evaluate import EvaluationReport, evaluate

WAYS = {"table": TABLES, "+ grammar": GRAMMAR, "+ checkpoint": BUNDLED}
SCRIPTS = ("ar", "zh-Hans", "zh-Hant", "all")


def hide_half() -> int:
    """Take half of the companies and funds that own no other row out of the table; how many. Before any text is read."""
    table = entities()
    owners = {entity.parent for entity in table.values()}
    gone = [
        key for key, entity in table.items()
        if entity.kind in ("company", "fund") and key not in owners and zlib.crc32(key.encode()) % 2
    ]  # fmt: skip
    for key in gone:
        del table[key]
    return len(gone)


def rows(report: EvaluationReport, way: str, table: Table) -> None:
    """One row a gold set."""
    for one in report.sets:
        cells = []
        for script in SCRIPTS:
            score = one.scores.by_measure.get(("deal", script))
            cells.append("-" if score is None else f"{score.f1:.3f} P {score.precision:.2f} R {score.recall:.2f}")
        table.add_row(one.gold.name, way, *cells)


def main() -> None:
    """Print one table; with --hidden the one of the smaller table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("gold", nargs="*", type=Path)
    parser.add_argument("--hidden", action="store_true", help="take half of the companies out of the table first")
    given = parser.parse_args()
    title = f"strict deal F1, {hide_half()} companies taken out of the table" if given.hidden else "strict deal F1, whole table"
    table = Table("gold", "names by", *SCRIPTS, title=title)
    for way, model in WAYS.items():
        rows(evaluate(given.gold, model), way, table)
    Console(width=140).print(table)


if __name__ == "__main__":
    main()
