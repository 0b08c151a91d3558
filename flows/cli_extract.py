"""`dealwire extract`: the claims of articles, without store and without Prefect."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Iterable, Iterator, Sequence

from corpus.deal_table import deals
from flows.intake import Defaults, Item, UnusableInputError, find_files, take_in, take_in_bytes
from flows.readers import Rejected
from flows.render import console, json_text, money, parties, table, write_lines
from flows.work import Failure, Reading, Workers
from models.article import Article
from models.claim import Claim, Extraction
from models.codec import extraction_to_json

STDIN = "-"
_COLUMNS = ("article", "deal", "status", "who", "amount", "USD", "HKD", "date")

Found = tuple[Article, Extraction]


def extract(inputs: Sequence[str], form: str, defaults: Defaults, workers: int) -> int:
    """Print the claims of every article of `inputs`; the exit code, 1 when some article could not be used.

    Every rejected article is one line on standard error. Raises UnusableInputError before anything is printed.
    """
    if not inputs and sys.stdin.isatty():
        raise UnusableInputError("nothing to read: give a PATH, or - and text on standard input")
    trouble: list[str] = []
    with Workers(workers) as crew:
        found = _extracted(crew, _items(inputs or [STDIN], defaults), trouble)
        if form == "jsonl":
            write_lines(json_text(extraction_to_json(article, extraction)) for article, extraction in found)
        elif form == "json":
            write_lines([json_text([extraction_to_json(article, extraction) for article, extraction in found], indent=2)])
        else:
            _print_table(found)
    return 1 if trouble else 0


def _items(inputs: Sequence[str], defaults: Defaults) -> Iterator[Item]:
    """All articles in the order of `inputs`. Every path is looked up before the first is read."""
    parts = [list(group) if given else None for given, group in itertools.groupby(inputs, key=lambda name: name != STDIN)]
    files = [find_files(part) if part is not None else None for part in parts]

    def read() -> Iterator[Item]:
        for part in files:
            yield from take_in_bytes(sys.stdin.buffer.read(), "stdin", defaults) if part is None else take_in(part, defaults)

    return read()


def _extracted(crew: Workers, items: Iterable[Item], trouble: list[str]) -> Iterator[Found]:
    def usable() -> Iterator[Reading]:
        for item in items:
            if isinstance(item, Rejected):
                _complain(str(item), trouble)
            else:
                yield Reading(item)

    for reading, outcome in crew.extract(usable()):
        if isinstance(outcome, Failure):
            _complain(f"{reading.article.id}: not extracted: {outcome.reason}", trouble)
        else:
            yield reading.article, outcome


def _complain(line: str, trouble: list[str]) -> None:
    trouble.append(line)
    print(line.encode("utf-8", "backslashreplace").decode(), file=sys.stderr)


def _print_table(found: Iterable[Found]) -> None:
    articles = 0
    rows: list[Sequence[object]] = []
    for article, extraction in found:
        articles += 1
        rows += [(article.id, *_claim_cells(claim)) for claim in extraction.claims]
    console().print(table(f"{len(rows)} claims in {articles} articles", _COLUMNS, rows, right=("amount", "USD", "HKD")))


def _claim_cells(claim: Claim) -> tuple[object, ...]:
    who = {role: [name.canonical for name in names] for role, names in claim.roles.items()}
    amount = claim.amount
    told = money(amount.value, amount.low, amount.high) if amount else ""
    return (
        claim.type, claim.status, parties(who, deals()[claim.type].roles),
        f"{told} {amount.currency or '?'}" if amount else _size(claim),
        money(*amount.converted("USD")) if amount else "", money(*amount.converted("HKD")) if amount else "",
        claim.date.value if claim.date else "",
    )  # fmt: skip


def _size(claim: Claim) -> str:
    """How large a deal is that is not told in money."""
    if claim.stake_pct is not None:
        return f"{claim.stake_pct:f}%"
    return f"{claim.quantity.value:f} {claim.quantity.unit}" if claim.quantity else ""
