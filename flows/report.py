"""What a run did: for people on the terminal, for machines as JSON, and as a small HTML page without anything from elsewhere."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from html import escape
from pathlib import Path
from typing import Any

from flows.reference_rates import RatesUsed
from flows.stages import Extracted, Intake
from models.ledger import MergeCounts
from models.totals import Totals

KEPT_RUNS = 100
"""Runs whose log and report are kept in the folder; the store keeps every report"""


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run did. `seconds` is wall time by stage, `started` when the flow's first line ran, by `time.perf_counter`.

    `status`: done, or held: then `reasons` say why nothing was merged or published. With `accepted` they are what an operator
    has looked at.
    """

    run_id: str
    status: str
    started_at: str
    code: str
    inputs: str
    store: str
    exports: str
    intake: Intake
    read: Extracted
    events: MergeCounts
    reasons: tuple[str, ...]
    accepted: bool
    rates: RatesUsed
    totals: Totals
    workers: int
    started: float
    seconds: Mapping[str, float]
    wall: float
    """Seconds from the flow's first line to this report"""
    memory_mb: int
    """The most that this process held"""
    report: str = ""
    """The HTML page; the JSON file and the log lie beside it"""

    @property
    def extracted(self) -> int:
        """Articles read."""
        return self.read.articles

    @property
    def claims(self) -> int:
        """Claims in them."""
        return self.read.claims

    @property
    def failed(self) -> int:
        """Articles that the extractor could not read."""
        return len(self.read.failed)

    @property
    def quarantined(self) -> int:
        """Articles of this run that could not be used, at whatever stage."""
        return self.intake.quarantined + self.failed

    def counts(self) -> dict[str, int]:
        """All figures, as the store keeps them with the run."""
        taken = {key: value for key, value in asdict(self.intake).items() if key not in ("quarantined", "sources")}
        events = {f"events_{key}": value for key, value in asdict(self.events).items()}
        return {**taken, "quarantined": self.quarantined, "extracted": self.extracted, "claims": self.claims, **events}

    def stages(self) -> list[dict[str, Any]]:
        """Time by stage, with the articles it took and how many that is a second, where it takes articles."""
        handled = {"intake": self.intake.seen, "extract": self.extracted + self.failed}
        return [
            {
                "stage": name, "seconds": round(spent, 3), "articles": handled.get(name),
                "articles_per_second": round(handled[name] / spent, 1) if handled.get(name) and spent else None,
            }
            for name, spent in self.seconds.items()
        ]  # fmt: skip

    @property
    def orchestration(self) -> float:
        """Seconds that were no stage's: Prefect's and ours."""
        return self.wall - sum(self.seconds.values())

    def to_json(self) -> dict[str, Any]:
        """The report: plain JSON, names as they stand in `docs/operations.md`."""
        return {
            "run_id": self.run_id, "status": self.status, "reasons": list(self.reasons), "accepted": self.accepted,
            "started_at": self.started_at, "code": self.code, "inputs": json.loads(self.inputs), "store": self.store,
            "exports": self.exports, "workers": self.workers,
            "articles": {**{k: v for k, v in asdict(self.intake).items() if k not in ("sources", "quarantined")},
                         "quarantined": self.quarantined},
            "sources": {name: asdict(seen) for name, seen in sorted(self.intake.sources.items())},
            "extraction": {"articles": self.extracted, "failed": self.failed, "claims": self.claims,
                           "claims_by_type": dict(sorted(self.read.types.items())),
                           "issues": dict(sorted(self.read.issues.items()))},
            "events": asdict(self.events), "store_totals": asdict(self.totals),
            "rates": {**asdict(self.rates), "oldest_used": {
                currency: {"date": day, "days_older": age} for currency, (day, age) in sorted(self.read.rates.items())}},
            "stages": self.stages(), "wall_seconds": round(self.wall, 3),
            "orchestration_seconds": round(self.orchestration, 3),
            "orchestration_share": round(self.orchestration / self.wall, 4) if self.wall else None,
            "memory_mb": self.memory_mb,
        }  # fmt: skip


def write_report(summary: Summary, folder: Path, stem: str) -> Path:
    """Write `<stem>.json` and `<stem>.html` into `folder`, and drop all but the newest runs. Returns the page."""
    report = summary.to_json()
    text = json.dumps(report, ensure_ascii=False, indent=2) + "\n"
    (folder / f"{stem}.json").write_text(text, encoding="utf-8")
    page = folder / f"{stem}.html"
    page.write_text(html_page(report), encoding="utf-8")
    drop_old(folder)
    return page


def drop_old(folder: Path, keep: int = KEPT_RUNS) -> None:
    """Remove the logs and reports of all but the newest runs; names begin with the time."""
    stems = sorted({path.name.split(".")[0] for path in folder.glob("2*.*")})
    for stem in stems[:-keep]:
        for path in folder.glob(f"{stem}.*"):
            path.unlink(missing_ok=True)


def html_page(report: Mapping[str, Any]) -> str:
    """The report as one page."""
    titles = (("articles", "Articles"), ("extraction", "Extraction"), ("events", "Events"), ("store_totals", "The store now"))
    parts = [_table(title, ("what", "how many"), _flat(report[key])) for key, title in titles]
    stages = [(s["stage"], s["seconds"], s["articles"], s["articles_per_second"]) for s in report["stages"]]
    stages.append(("Prefect and everything else", report["orchestration_seconds"], None, None))
    parts.insert(0, _table("Time", ("stage", "seconds", "articles", "articles a second"), stages))
    sources = [(name or "(no source)", seen["articles"], seen["undated"]) for name, seen in report["sources"].items()]
    parts.append(_table("Sources", ("source", "articles", "without a date"), sources))
    rates = [(currency, used["date"], used["days_older"]) for currency, used in report["rates"]["oldest_used"].items()]
    parts.append(_table("Rates used", ("currency", "oldest rate of", "days older than the deal"), rates))
    facts = [(key, report[key]) for key in ("run_id", "started_at", "code", "inputs", "store", "exports", "workers", "memory_mb")]
    facts.append(("reference rates", report["rates"]["said"]))
    parts.append(_table("Run", ("what", ""), facts))
    reasons = "".join(f"<li>{escape(reason)}</li>" for reason in report["reasons"])
    return _PAGE.format(
        title=escape(f"Dealwire run {report['run_id'][:8]}: {report['status']}"), status=escape(report["status"]),
        reasons=f"<ul>{reasons}</ul>" if reasons else "", body="\n".join(parts),
    )  # fmt: skip


def _flat(values: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    for key, value in values.items():
        if isinstance(value, Mapping):
            yield from ((f"{key.replace('_', ' ')}: {name}", count) for name, count in value.items())
        else:
            yield key.replace("_", " "), value


def _table(title: str, head: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> str:
    body = "".join(f"<tr>{''.join(f'<td dir=auto>{escape(_shown(cell))}</td>' for cell in row)}</tr>" for row in rows)
    columns = "".join(f"<th scope=col>{escape(name)}</th>" for name in head)
    return f"<h2>{escape(title)}</h2><table><thead><tr>{columns}</tr></thead><tbody>{body}</tbody></table>" if body else ""


def _shown(value: Any) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return "" if value is None else ", ".join(map(str, value)) if isinstance(value, list) else str(value)


_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
body {{ font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem;
color: #1b1f24; background: #fff }}
h1 {{ font-size: 1.4rem }} h2 {{ font-size: 1.05rem; margin-top: 1.6rem }}
table {{ border-collapse: collapse; width: 100% }} th, td {{ text-align: start; padding: .2rem .6rem .2rem 0;
border-bottom: 1px solid #d8dee4; overflow-wrap: anywhere }}
@media (prefers-color-scheme: dark) {{ body {{ color: #e6edf3; background: #0d1117 }} th, td {{ border-color: #30363d }} }}
</style></head>
<body><h1>{title}</h1>{reasons}
{body}
</body></html>
"""
