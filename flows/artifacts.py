"""What Prefect's page shows of a run: a table of what it did, its quality in words, and where the export lies."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flows.orchestration import create_link_artifact, create_markdown_artifact, create_table_artifact

SUMMARY, QUALITY, EXPORT, REPORT = "nightly-summary", "nightly-quality", "nightly-export", "nightly-report"
"""Keys: each run's artifact is the newest of its key"""


def keep(report: Mapping[str, Any], exports: Path, page: Path) -> None:
    """Make the artifacts of the flow run that is under way."""
    groups = ("articles", "events", "store_totals")
    rows = [{"of": group, "what": name, "how many": count} for group in groups for name, count in report[group].items()]
    rows += [{"of": "seconds", "what": stage["stage"], "how many": stage["seconds"]} for stage in report["stages"]]
    create_table_artifact(key=SUMMARY, table=rows, description=f"Run {report['run_id']}: {report['status']}")
    create_markdown_artifact(key=QUALITY, markdown=quality(report))
    create_link_artifact(key=EXPORT, link=exports.absolute().as_uri(), link_text="the export")
    create_link_artifact(key=REPORT, link=page.absolute().as_uri(), link_text="the report")


def quality(report: Mapping[str, Any]) -> str:
    """How good a run was, as Markdown."""
    extraction, articles = report["extraction"], report["articles"]
    lines = [f"# {report['status'].capitalize()}", *(f"- **{reason}**" for reason in report["reasons"])]
    lines.append(f"- {articles['quarantined']} in quarantine, {extraction['failed']} of them the extractor's")
    lines.append(f"- {extraction['claims']} claims in {extraction['articles']} articles")
    lines += [f"- {count} amounts with the issue {name}" for name, count in extraction["issues"].items()]
    lines += [f"- {name or '(no source)'}: {seen['undated']} of {seen['articles']} articles without a date"
              for name, seen in report["sources"].items() if seen["undated"]]  # fmt: skip
    lines.append(f"- reference rates {report['rates']['said']}")
    lines += [f"- {currency}: oldest rate used is of {used['date']}, {used['days_older']} days before the deal"
              for currency, used in report["rates"]["oldest_used"].items() if used["days_older"] > _OLD_DAYS]  # fmt: skip
    return "\n".join(lines)


_OLD_DAYS = 31
"""A rate that is older says something of its table"""
