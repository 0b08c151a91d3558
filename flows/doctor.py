"""`dealwire doctor`: whether the installation, the tables, the sources, the store, Prefect and the clock are fit for a night.

Each check is one line: ``ok``, ``look`` (works, but somebody should look) or ``broken``. Nothing is changed but a store of an
older revision, which is brought up to date as by every command.
"""

from __future__ import annotations

import importlib.metadata
import os
import re
import shutil
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

from packaging.requirements import Requirement

from corpus.currency_table import currencies
from corpus.deal_table import deals
from corpus.entity_table import entities
from corpus.rate_table import dollar_rates, pegs
from corpus.source_table import sources
from extractors.pipeline import extract
from extractors.rates import MAX_AGE, last_fixing
from extractors.version import VERSION
from flows.intake import find_files
from flows.reference_rates import FILE
from flows.render import console, json_text, table, write_lines
from flows.settings import (
    alert_command,
    alert_webhook,
    export_folder,
    fetch_settings,
    rates_folder,
    rates_url,
    runs_folder,
    without_password,
)
from models.article import Article
from models.engine import check_integrity
from models.errors import DealwireError
from models.store import Store
from models.totals import totals

OK, LOOK, BROKEN = "ok", "look", "broken"
_TELLS = {
    "zh-Hant": ("輝達宣布向OpenAI投資100億美元。", "TW"),
    "zh-Hans": ("英伟达宣布向OpenAI投资100亿美元。", "CN"),
    "ar": ("أعلنت شركة أمازون أنها استثمرت 4 مليارات دولار في شركة أنثروبيك.", "AE"),
}
"""A sentence in each script that every version must find one deal in"""
_LEAST_FREE = 2 * 1024**3
"""Bytes free beside the store"""
_NIGHT = timedelta(hours=26)
"""Since the last run: longer, and a night was left out"""
_CLOCK_APART = timedelta(minutes=2)
_OLD_TABLE = timedelta(days=100)
"""Since the end of a table of rates: older, and rows are due"""


@dataclass(frozen=True, slots=True)
class Check:
    """What was looked at, how it is, and in words."""

    name: str
    state: str
    said: str


Found = Iterator[tuple[str, str]]
"""(state, in words)"""


def doctor(store: str, form: str) -> int:
    """Print every check; 1 when something is broken."""
    checks = [Check(name, state, said) for name, look in _checks(store) for state, said in _guarded(look)]
    if form == "json":
        write_lines([json_text([asdict(check) for check in checks], indent=2)])
    else:
        console().print(table("", ("what", "state", "said"), ((one.name, one.state, one.said) for one in checks)))
    return 1 if any(check.state == BROKEN for check in checks) else 0


def _checks(store: str) -> list[tuple[str, Callable[[], Found]]]:
    return [
        ("installation", _installation),
        ("tables", _tables),
        ("sources", _sources),
        ("extractor", _extractor),
        ("rates", lambda: _rates(store)),
        ("store", lambda: _store(store)),
        ("disk", lambda: _disk(store)),
        ("settings", _settings),
        ("Prefect", _prefect),
        ("clock", lambda: _clock(store)),
    ]


def _guarded(look: Callable[[], Found]) -> Found:
    """A check that fails is a finding."""
    try:
        yield from look()
    except DealwireError as error:
        yield BROKEN, str(error)
    except Exception as error:  # whatever is broken must not hide the other checks
        yield BROKEN, f"{type(error).__name__}: {error}"


def _installation() -> Found:
    wrong = []
    for line in importlib.metadata.requires("dealwire") or ():
        wanted = Requirement(line)
        if wanted.marker is not None and not wanted.marker.evaluate({"extra": ""}):
            continue
        try:
            found = importlib.metadata.version(wanted.name)
        except importlib.metadata.PackageNotFoundError:
            wrong.append(f"{wanted.name} is missing")
            continue
        if not wanted.specifier.contains(found, prereleases=True):
            wrong.append(f"{wanted.name} {found} is not {wanted.specifier}")
    python = f"Python {sys.version_info.major}.{sys.version_info.minor}"
    yield (BROKEN, "; ".join(wrong)) if wrong else (OK, f"{python}, every package in its tested range")


def _tables() -> Found:
    counts = {
        "deal types": len(deals()),
        "currencies": len(currencies()),
        "companies and people": len(entities()),
        "pegs": len(pegs()),
    }
    yield OK, ", ".join(f"{count:,} {name}" for name, count in counts.items())


def _sources() -> Found:
    today = datetime.now(UTC).date()
    over = [name for name, row in sources().items() if row.valid_until and row.valid_until < today]
    soon = timedelta(days=30)
    ending = [name for name, row in sources().items() if row.valid_until and today <= row.valid_until < today + soon]
    yield OK, f"{len(sources())} declared"
    if over:
        yield LOOK, f"past their valid_until, not asked any more: {', '.join(over)}"
    if ending:
        yield LOOK, f"valid_until within 30 days: {', '.join(ending)}"
    for name, row in sources().items():
        if row.path and Path(row.path).is_absolute():
            try:
                find_files([name])
            except DealwireError as error:
                yield LOOK, f"{name}: {error}"


def _extractor() -> Found:
    for language, (text, region) in _TELLS.items():
        found = extract(Article("doctor", text, language=language, region=region, published="2025-12-17"))
        if len(found.claims) != 1 or not (found.claims[0].amount and found.claims[0].amount.rates):
            yield BROKEN, f"{language}: not one deal with a converted amount in {text}"
            return
    yield OK, f"version {VERSION}, one deal found in each script"


def _rates(store: str) -> Found:
    today = datetime.now(UTC).date()
    kept = rates_folder(store) / FILE
    last = last_fixing()
    if kept.is_file():
        newest = re.search(r"^\d{4}-\d\d-\d\d", kept.read_text("ascii"), re.MULTILINE)
        last = max(last, date.fromisoformat(newest[0])) if newest else last
    age = today - last
    state = OK if age <= timedelta(days=7) else LOOK if age <= MAX_AGE else BROKEN
    asked = rates_url() or "nobody (DEALWIRE_RATES_URL=off)"
    yield state, f"reference rates to {last}, {age.days} days old; refreshed from {asked}"
    old = {code: rows[-1].end for code, rows in dollar_rates().items() if today - rows[-1].end > _OLD_TABLE}
    if old:
        yield LOOK, "monthly tables that end long ago: " + ", ".join(f"{code} {end}" for code, end in sorted(old.items()))


def _store(url: str) -> Found:
    path = url.removeprefix("sqlite:///")
    if path != url and not Path(path).exists():
        yield LOOK, f"{url}: there is none yet; the first run makes it"
        return
    with Store.open(url) as store:
        wrong = check_integrity(store.engine)
        if wrong:
            yield BROKEN, f"{without_password(url)}: {wrong}; restore the last backup"
            return
        held = totals(store)
        yield OK, f"{without_password(url)}: {held.documents:,} documents, {held.claims:,} claims, {held.events:,} events"
        if held.quarantine:
            yield LOOK, f"{held.quarantine:,} in quarantine: dealwire quarantine"
        if held.unmerged:
            yield LOOK, f"{held.unmerged:,} claims that no merge has seen: the last run was held or ended early"
        if orphans := store.orphans():
            yield LOOK, f"{len(orphans)} decisions are about claims that no document makes any more"
        pending = sum(1 for _ in store.pending(VERSION, 1))
        if pending:
            yield LOOK, "documents wait to be read by this version: dealwire diff, then dealwire run"
        yield from _last_run(store)


def _last_run(store: Store) -> Found:
    runs = store.runs(1)
    if not runs:
        return
    run = runs[0]
    ago = datetime.now(UTC) - datetime.fromisoformat(run.started_at)
    hours = int(ago.total_seconds() // 3600)
    state = OK if run.status == "done" and ago < _NIGHT else LOOK
    reasons = "; ".join((run.report or {}).get("reasons", ()))
    yield state, f"the last run began {hours} hours ago: {run.status}" + (f" ({reasons})" if reasons else "")


def _disk(store: str) -> Found:
    for folder in dict.fromkeys((export_folder(store), runs_folder(store), rates_folder(store))):
        place = next(parent for parent in (folder, *folder.absolute().parents) if parent.exists())
        if not os.access(place, os.W_OK):
            yield BROKEN, f"{folder} cannot be written"
    free = shutil.disk_usage(export_folder(store).absolute().parent).free
    yield (OK if free > _LEAST_FREE else LOOK), f"{free / 1024**3:.1f} GiB free beside the store"


def _settings() -> Found:
    fetching = fetch_settings()
    if not fetching.contact:
        yield LOOK, "DEALWIRE_FETCH_CONTACT is not set: publishers cannot reach you"
    told = [name for name, given in (("a command", alert_command()), ("a webhook", alert_webhook())) if given]
    yield (
        (OK, f"alerts go to {' and '.join(told)}")
        if told
        else (LOOK, "no alerts: DEALWIRE_ALERT_COMMAND, DEALWIRE_ALERT_WEBHOOK")
    )


def _prefect() -> Found:
    api = os.environ.get("PREFECT_API_URL")
    if not api:
        yield OK, f"{importlib.metadata.version('prefect')}, with a server of its own for each run"
        return
    try:
        with urllib.request.urlopen(f"{api.rstrip('/')}/health", timeout=10) as answer:
            yield OK, f"{importlib.metadata.version('prefect')}, server at {api} answers"
            said = answer.headers.get("Date")
    except urllib.error.HTTPError as error:
        yield OK, f"server at {api} answers {error.code}"
        said = error.headers.get("Date")
    except (OSError, ValueError) as error:
        yield BROKEN, f"no server answers at {api}: {getattr(error, 'reason', error)}"
        return
    if said and abs(datetime.now(UTC) - parsedate_to_datetime(said)) > _CLOCK_APART:
        yield LOOK, f"its clock says {said}, ours {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC"


def _clock(url: str) -> Found:
    """A clock that runs backwards would date runs before those that are there; relative dates depend on it only in fetching."""
    now = datetime.now(UTC)
    path = url.removeprefix("sqlite:///")
    if path == url or Path(path).exists():
        with Store.open(url) as store:
            newest = max((run.finished_at or run.started_at for run in store.runs(1)), default="")
        if newest and datetime.fromisoformat(newest) > now + _CLOCK_APART:
            yield BROKEN, f"it is {now:%Y-%m-%d %H:%M} UTC here, and the last run was at {newest[:16]}"
            return
    if now.date() < last_fixing():
        yield BROKEN, f"it is {now:%Y-%m-%d} here, and the bundled rates are of {last_fixing()}"
        return
    yield OK, f"{now:%Y-%m-%d %H:%M} UTC"
