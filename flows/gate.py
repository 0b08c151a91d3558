"""The gate before publication: whether what came in, what was read and what would change is within bounds. Pure.

Bounds of a source are in its own file (`corpus/sources/<id>.toml`): how many articles a night is normal, and how many of them
may be without a date. Bounds of a whole run are here. A reason is one line that says what was seen and what was allowed; with
any, nothing is merged and nothing is published: the previous publication stays until the next good night, or until an operator
has looked and accepts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from statistics import median

from corpus.source_table import Source
from flows.stages import Extracted, Intake
from models.errors import DealwireError
from models.ledger import MergeCounts

LEAST = 50
"""Articles below which a share says nothing"""
MAX_REJECTED = 0.3
"""Share of a run's items that may be unusable: more is a changed layout or a broken file"""
MAX_FAILED = 0.02
"""Share of a run's articles that the extractor may fail on: more is a broken extractor"""
MIN_YIELD = 0.25
"""Claims an article, as a share of the median of the runs before: less is an extractor or source that has gone blind"""
YIELD_RUNS = 10
"""Runs that the median is of"""
YIELD_LEAST = 200
"""Articles below which the claims of a run are not compared"""
MAX_LOST = 0.1
"""Share of the events that one run may remove or merge away"""
LOST_LEAST = 20
"""Events that a run may remove whatever their share"""


class HeldError(DealwireError):
    """A merge that would go beyond bounds; it is taken back."""


def check_sources(taken: Intake, asked: Mapping[str, Source]) -> list[str]:
    """What is out of bounds at the sources that a run was asked for by their ids."""
    reasons = []
    for source_id, source in asked.items():
        seen = taken.sources.get(source_id)
        count = seen.articles if seen else 0
        if count < source.min_articles:
            reasons.append(f"{source_id}: {count} articles, at least {source.min_articles} are normal")
        if count > source.max_articles:
            reasons.append(f"{source_id}: {count} articles, at most {source.max_articles} are normal")
        if seen and count >= LEAST and seen.undated > source.max_undated * count:
            reasons.append(f"{source_id}: {seen.undated} of {count} articles without a date, {source.max_undated:.0%} are normal")
    return reasons


def check_shares(taken: Intake, read: Extracted) -> list[str]:
    """What is out of bounds in the run as a whole."""
    reasons = []
    if taken.seen >= LEAST and taken.quarantined > MAX_REJECTED * taken.seen:
        reasons.append(f"{taken.quarantined} of {taken.seen} items could not be used, {MAX_REJECTED:.0%} are allowed")
    tried = read.articles + len(read.failed)
    if tried >= LEAST and len(read.failed) > MAX_FAILED * tried:
        reasons.append(f"the extractor failed on {len(read.failed)} of {tried} articles, {MAX_FAILED:.0%} are allowed")
    return reasons


def check_yield(read: Extracted, before: Iterable[Mapping[str, int]]) -> list[str]:
    """Whether the articles say as much as those of the runs before. `before`: counts of earlier runs, the newest first."""
    shares = [
        counts.get("claims", 0) / counts["extracted"] for counts in before if counts.get("extracted", 0) >= YIELD_LEAST
    ][:YIELD_RUNS]  # fmt: skip
    if read.articles < YIELD_LEAST or len(shares) < 3:
        return []
    normal, now = median(shares), read.claims / read.articles
    if now >= MIN_YIELD * normal:
        return []
    return [f"{now:.4f} claims an article, the last {len(shares)} runs had {normal:.4f}, a quarter of that is allowed"]


def check_merge(counts: MergeCounts) -> list[str]:
    """Whether too much of what is published would go."""
    lost = counts.removed + counts.merged
    events = counts.unchanged + counts.changed + lost
    if lost <= max(LOST_LEAST, MAX_LOST * events):
        return []
    return [f"{lost} of {events} events would be removed or merged away, {MAX_LOST:.0%} are allowed"]


def refuse(reasons: Sequence[str]) -> None:
    """Raise HeldError when there is a reason."""
    if reasons:
        raise HeldError("; ".join(reasons))
