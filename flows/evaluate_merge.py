"""`dealwire evaluate`: how well claims of several articles are put together, against clusters labelled by hand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

from corpus.cluster_table import cluster_labels
from corpus.floor_table import Floor, floors, gold_digest
from extractors.cluster_scoring import ClusterScore, b_cubed, label_of, pairwise
from extractors.match import deal_schema
from extractors.pipeline import extract
from flows.intake import find_files, take_in
from models.article import Article
from models.clustering import cluster
from models.codec import Json, claim_to_json
from models.facts import Facts, facts_text, read_facts
from models.store import claim_keys, doc_id_of, origin_of


@dataclass(frozen=True, slots=True)
class MergeReport:
    """Scores of one set of labelled articles. `wrong` are events that hold several deals, `missed` deals in several events."""

    name: str
    claims: int
    deals: int
    scores: Mapping[str, ClusterScore]
    wrong: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    below: list[str] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """Whether every floor holds."""
        return not self.below

    def table(self) -> str:
        """Figures, then the floors that were missed."""
        lines = [f"merge of {self.name}: {self.claims} claims of {self.deals} deals"]
        lines += [f"  {name:<10}F1 {one.f1:.3f} P {one.precision:.3f} R {one.recall:.3f}" for name, one in self.scores.items()]
        return "\n".join(lines + [f"  BELOW THE FLOOR: {text}" for text in self.below])

    def mistakes(self) -> Iterator[str]:
        """One line an event that holds several deals, or a deal in several events."""
        yield from (f"{self.name}\twrong merge\t{line}" for line in self.wrong)
        yield from (f"{self.name}\tmissed merge\t{line}" for line in self.missed)


def evaluate_samples() -> MergeReport:
    """The sample articles, clustered by hand in `corpus/clusters/samples.tsv`."""
    return evaluate_merge("samples", take_in(find_files([str(files("corpus") / "samples")])))


def evaluate_stream(folder: Path) -> MergeReport:
    """The items of a news stream that `corpus/clusters/stream.tsv` labels; their texts are in `folder`."""
    return evaluate_merge("stream", take_in(find_files([str(folder)])))


def evaluate_merge(name: str, items: Iterable[object]) -> MergeReport:
    """Extract and merge the articles that are labelled in `corpus/clusters/<name>.tsv`, and score the labelled claims."""
    labels = defaultdict(list)
    for label in cluster_labels(name):
        labels[label.item].append(label)
    facts: dict[str, Facts] = {}
    gold: dict[str, str] = {}
    for article in items:
        if isinstance(article, Article) and article.id in labels:
            for one, values in _claims(article):
                facts[one.claim_id] = one
                found = label_of(values, labels[article.id])
                if found is not None:
                    gold[one.claim_id] = found
    matcher = deal_schema().matcher
    groups = cluster({claim_id: matcher.profile(one, "") for claim_id, one in facts.items()}, matcher).groups
    event = {claim_id: group[0] for group in groups for claim_id in group}
    scores = {"b_cubed": b_cubed(gold, event), "pairwise": pairwise(gold, event)}
    path = Path(str(files("corpus") / "clusters" / f"{name}.tsv"))
    return MergeReport(
        name, len(gold), len(set(gold.values())), scores,
        _mixed(event, gold, facts), _mixed(gold, event, facts),
        list(_missed_floors(path, scores, floors().get(f"merge-{name}"))),
    )  # fmt: skip


def _claims(article: Article) -> Iterator[tuple[Facts, Json]]:
    doc_id, found = doc_id_of(article), extract(article)
    for claim, key in zip(found.claims, claim_keys(doc_id, found.claims), strict=True):
        text = facts_text(article, claim, key, doc_id, origin_of(article))
        yield read_facts(key, text), claim_to_json(article, claim)


def _mixed(outer: Mapping[str, str], inner: Mapping[str, str], facts: Mapping[str, Facts]) -> list[str]:
    """The sets of `outer` that hold several of `inner`, with what is told in each."""
    parts: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for claim_id in sorted(outer):
        if claim_id in inner:
            parts[outer[claim_id]][inner[claim_id]].append(_told(facts[claim_id]))
    return [" / ".join("; ".join(told) for told in found.values()) for found in parts.values() if len(found) > 1]


def _told(fact: Facts) -> str:
    names = ", ".join(party.canonical for parties in fact.roles.values() for party in parties)
    amount = f" {fact.amount.value or fact.amount.low} {fact.amount.currency}" if fact.amount else ""
    return f"{fact.published or '?'} {fact.type} {names}{amount}"


def _missed_floors(path: Path, scores: Mapping[str, ClusterScore], floor: Floor | None) -> Iterator[str]:
    if floor is None:
        return
    if gold_digest([path]) != floor.digest:
        yield f"the labels have changed (digest {gold_digest([path])}): measure again and set corpus/floors.toml"
    for measure, least in floor.floors.items():
        name, _, part = measure.partition("-")
        reached = getattr(scores[name], part or "f1")
        if round(reached, 4) < least:
            yield f"{measure} {reached:.4f} < {least}"
