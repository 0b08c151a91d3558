"""`dealwire evaluate`: scores against gold, by script, with the mistakes by cause and the floors that must hold."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from corpus.floor_table import Floor, floors, gold_digest
from extractors.pipeline import extract
from extractors.scoring import ATTRIBUTES, Scores, calibration_error, reliability, score_items
from flows.settings import names_model
from models.article import Article
from models.codec import claim_to_json
from models.errors import InputError

OWN_GOLD = ("samples", "gold")
"""Folders under `corpus/` with gold of our own; each may have floors"""
_MEASURES = ("deal", "flow", "amount", *ATTRIBUTES)


@dataclass(frozen=True, slots=True)
class GoldSet:
    """Gold of one folder or file: its name, its files and its items, each with the article's text."""

    name: str
    files: list[Path]
    items: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class SetReport:
    """Scores on one gold set, and which floors it missed."""

    gold: GoldSet
    scores: Scores
    below: list[str]

    def table(self) -> str:
        """Figures by measure and script, mistakes by cause, floors missed."""
        languages = [*sorted({language for _, language in self.scores.by_measure} - {"all"}), "all"]
        lines = [f"{self.gold.name}: {len(self.gold.items)} items"]
        lines.append("  " + f"{'':<10}" + "".join(f"{language:>28}" for language in languages))
        for measure in _MEASURES:
            lines.append("  " + f"{measure:<10}" + "".join(f"{self._figure(measure, language):>28}" for language in languages))
        curve = ", ".join(f"{b.low:.1f}+ {b.right:.2f} of {b.count}" for b in reliability(self.scores.judged))
        lines.append(f"  right by confidence: {curve}; calibration error {calibration_error(self.scores.judged):.3f}")
        causes = Counter((mistake.language, mistake.cause) for mistake in self.scores.mistakes)
        lines += [f"  {language}: {count} {cause}" for (language, cause), count in sorted(causes.items())]
        return "\n".join(lines + [f"  BELOW THE FLOOR: {text}" for text in self.below])

    def _figure(self, measure: str, language: str) -> str:
        score = self.scores.by_measure.get((measure, language))
        if score is None:
            return "-"
        if measure in ATTRIBUTES:
            return f"{score.recall:.3f} of {score.hits + score.missed}"
        return f"F1 {score.f1:.3f} P {score.precision:.2f} R {score.recall:.2f}"


@dataclass(frozen=True, slots=True)
class EvaluationReport:
    """Reports of every gold set asked for."""

    sets: list[SetReport]

    @property
    def passed(self) -> bool:
        """Whether every floor holds."""
        return not any(report.below for report in self.sets)

    def table(self) -> str:
        """All sets, for people."""
        return "\n\n".join(report.table() for report in self.sets)

    def mistakes(self) -> Iterator[str]:
        """One line a mistake: item, cause and what was missed or made up."""
        for report in self.sets:
            for mistake in report.scores.mistakes:
                event = {key: mistake.event.get(key) for key in ("type", "status")}
                roles = {
                    role: [name if isinstance(name, str) else name["name"] for name in names]
                    for role, names in mistake.event["roles"].items()
                }
                quote = mistake.event.get("quote") or " … ".join(e["quote"] for e in mistake.event.get("evidence", ()))
                line = {**event, "roles": roles, "quote": quote}
                yield f"{mistake.article_id}\t{mistake.cause}\t{json.dumps(line, ensure_ascii=False)}"


def evaluate(gold: Sequence[Path], model: str | None = None) -> EvaluationReport:
    """Score the installed extractor on gold files or folders; without any, on the project's own.

    `model` finds names that no table lists (`flows.settings.names_model`); without it the one of the settings does.

    Raises InputError naming the file when gold cannot be read.
    """
    sets = [read_gold(path) for path in gold] if gold else [read_gold(Path(str(files("corpus") / name))) for name in OWN_GOLD]
    return EvaluationReport(
        [_evaluate_set(one, floors().get(one.name) if not gold else None, model or names_model()) for one in sets]
    )


def _evaluate_set(gold: GoldSet, floor: Floor | None, model: str) -> SetReport:
    claims = {}
    for item in gold.items:
        given = {key: item.get(key) for key in ("title", "language", "region", "published", "source")}
        article = Article(item["id"], item["text"], **given)
        claims[item["id"]] = [claim_to_json(article, claim) for claim in extract(article, model=model).claims]
    scores = score_items(gold.items, claims)
    return SetReport(gold, scores, list(_missed_floors(gold, scores, floor)) if floor else [])


def _missed_floors(gold: GoldSet, scores: Scores, floor: Floor) -> Iterator[str]:
    if gold_digest(gold.files) != floor.digest:
        yield f"the gold has changed (digest {gold_digest(gold.files)}): measure again and set corpus/floors.toml"
    for measure, least in floor.floors.items():
        score = scores.by_measure[measure, "all"]
        reached = score.recall if measure in ATTRIBUTES else score.f1
        if round(reached, 4) < least:
            yield f"{measure} {reached:.4f} < {least}"


def read_gold(path: Path) -> GoldSet:
    """The gold of a folder, of one ``.gold.json`` beside its ``.txt``, or of a ``.jsonl`` with texts inline."""
    if not path.exists():
        raise InputError(str(path), "no such file or folder")
    found = sorted(path.rglob("*.gold.json*")) if path.is_dir() else [path]
    items = [item for file in found for item in _read_items(file)]
    if not items:
        raise InputError(str(path), "no gold in it (*.gold.json, *.gold.jsonl)")
    return GoldSet(path.name, found, items)


def _read_items(file: Path) -> Iterator[dict[str, Any]]:
    text = file.read_text(encoding="utf-8")
    rows = [(n, line) for n, line in enumerate(text.splitlines(), 1) if line.strip()] if file.suffix == ".jsonl" else [(1, text)]
    for number, line in rows:
        where = f"{file}:{number}" if file.suffix == ".jsonl" else str(file)
        try:
            item = json.loads(line)
        except json.JSONDecodeError as error:
            raise InputError(where, f"not JSON: {error.msg}") from None
        if item.get("skip"):
            continue
        if missing := {"id", "language", "events"} - item.keys():
            raise InputError(where, f"no {', '.join(sorted(missing))}")
        yield item if "text" in item else {**item, **_beside(file, item["id"])}


def _beside(file: Path, item_id: str) -> dict[str, Any]:
    text, meta = file.with_name(f"{item_id}.txt"), file.with_name(f"{item_id}.meta.json")
    if not text.exists():
        raise InputError(str(file), f"no text: neither in the item nor in {text.name}")
    title = json.loads(meta.read_text(encoding="utf-8")).get("title") if meta.exists() else None
    return {"text": text.read_text(encoding="utf-8"), "title": title}
