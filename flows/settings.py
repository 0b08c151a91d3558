"""Where things lie, and how Prefect is told to behave. The environment is read here and nowhere else."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from models.errors import DealwireError

Number = TypeVar("Number", int, float)

STORE_VARIABLE = "DEALWIRE_STORE"
NAMES_VARIABLE = "DEALWIRE_NAMES"
DEFAULT_STORE = "sqlite:///dealwire.db"
EXPORT_FOLDER = "dealwire-export"
RUNS_FOLDER = "dealwire-runs"
RATES_FOLDER = "dealwire-rates"

_PREFECT = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_EPHEMERAL_ENABLED": "true",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",  # the first start creates its tables: 18 s on two cores
    "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL",  # the run's own log still goes to the server
    "PREFECT_SERVER_LOGGING_LEVEL": "CRITICAL",
}
_CHATTY = ("trafilatura", "htmldate", "courlan", "justext", "charset_normalizer", "readability", "httpx", "asyncio")


def store_url(given: str | None = None) -> str:
    """The store to use: as given, else of the environment, else a SQLite file in the current folder."""
    return given or os.environ.get(STORE_VARIABLE) or DEFAULT_STORE


def names_model() -> str:
    """What finds names that no table lists: ``bundled`` (the checkpoint), ``grammar``, or a model of the Hugging Face hub."""
    return os.environ.get(NAMES_VARIABLE) or "bundled"


def export_folder(store: str) -> Path:
    """Where a run writes its exports: beside a SQLite store, else in the current folder.

    >>> export_folder("sqlite:///data/deals.db").as_posix(), export_folder("postgresql+psycopg://host/deals").as_posix()
    ('data/dealwire-export', 'dealwire-export')
    """
    return _beside(store) / EXPORT_FOLDER


def runs_folder(store: str) -> Path:
    """Where a run writes its log and report: `DEALWIRE_RUNS`, else beside a SQLite store, else in the current folder."""
    return Path(os.environ.get("DEALWIRE_RUNS") or _beside(store) / RUNS_FOLDER)


def rates_folder(store: str) -> Path:
    """Where refreshed reference rates are kept: `DEALWIRE_RATES`, else beside the store as the runs are."""
    return Path(os.environ.get("DEALWIRE_RATES") or _beside(store) / RATES_FOLDER)


def rates_url() -> str | None:
    """Where the European Central Bank's files are: `DEALWIRE_RATES_URL`; None for ``off``."""
    url = os.environ.get("DEALWIRE_RATES_URL") or "https://www.ecb.europa.eu/stats/eurofxref"
    return None if url == "off" else url


def log_level() -> str:
    """How much a run's log tells: `DEALWIRE_LOG_LEVEL`, one of debug, info, warning, error."""
    return os.environ.get("DEALWIRE_LOG_LEVEL", "info").lower()


def alert_command() -> str | None:
    """What is run when a night fails or is held, with the report as JSON on its standard input: `DEALWIRE_ALERT_COMMAND`."""
    return os.environ.get("DEALWIRE_ALERT_COMMAND") or None


def alert_webhook() -> str | None:
    """Where the same is posted to: `DEALWIRE_ALERT_WEBHOOK`."""
    return os.environ.get("DEALWIRE_ALERT_WEBHOOK") or None


def without_password(store: str) -> str:
    """A store's URL as it may be shown and kept.

    >>> without_password("postgresql+psycopg://dealwire:secret@host/deals"), without_password("sqlite:///deals.db")
    ('postgresql+psycopg://dealwire:***@host/deals', 'sqlite:///deals.db')
    """
    return re.sub(r"(://[^:/@]*:)[^@/]*@", r"\1***@", store)


def _beside(store: str) -> Path:
    parts = urlsplit(store)
    return Path(parts.path.removeprefix("/")).parent if parts.scheme == "sqlite" else Path()


class SettingError(DealwireError):
    """A variable of the environment means nothing."""


@dataclass(frozen=True, slots=True)
class FetchSettings:
    """How publishers are asked for their pages. Times in seconds, sizes in bytes."""

    contact: str = ""
    """Where a publisher reaches the operator: an address or a mail box, part of the User-Agent"""
    private_hosts: tuple[str, ...] = ()
    """Hosts that may be at private or loopback addresses"""
    interval: float = 1.0
    """Between two requests to one host, at least; robots.txt may ask for more"""
    per_host: int = 2
    """Requests under way to one host"""
    connections: int = 16
    """Requests under way to all hosts"""
    request_seconds: float = 60.0
    """For one request from the look-up of the name to the last byte"""
    source_seconds: float = 1800.0
    """For everything of one source"""
    max_bytes: int = 16 * 1024 * 1024
    """Of one body, as sent and as inflated"""
    max_download: int = 2 * 1024 * 1024 * 1024
    """Of one archive"""
    retries: int = 3
    """After the first try, of what may pass by itself"""
    backoff: float = 1.0
    """Before the first retry; twice that before the next, and so on"""
    max_wait: float = 120.0
    """A host that asks for a longer pause than this is left for the next run"""
    redirects: int = 5

    @property
    def user_agent(self) -> str:
        """What publishers see, and what their robots.txt calls us: ``dealwire``."""
        return f"dealwire/{version('dealwire')}" + (f" (+{self.contact})" if self.contact else "")


def fetch_settings() -> FetchSettings:
    """The settings of the environment, `DEALWIRE_FETCH_…`; raises SettingError for a value that means nothing."""
    standard = FetchSettings()
    hosts = os.environ.get("DEALWIRE_FETCH_PRIVATE_HOSTS", "")
    return FetchSettings(
        contact=os.environ.get("DEALWIRE_FETCH_CONTACT", "").strip(),
        private_hosts=tuple(host.strip().lower() for host in hosts.split(",") if host.strip()),
        interval=_number("DEALWIRE_FETCH_INTERVAL", standard.interval, float, 0),
        per_host=_number("DEALWIRE_FETCH_PER_HOST", standard.per_host, int, 1),
        connections=_number("DEALWIRE_FETCH_CONNECTIONS", standard.connections, int, 1),
        request_seconds=_number("DEALWIRE_FETCH_REQUEST_SECONDS", standard.request_seconds, float, 0.1),
        source_seconds=_number("DEALWIRE_FETCH_SOURCE_SECONDS", standard.source_seconds, float, 0.1),
        max_bytes=_number("DEALWIRE_FETCH_MAX_BYTES", standard.max_bytes, int, 1),
        max_download=_number("DEALWIRE_FETCH_MAX_DOWNLOAD", standard.max_download, int, 1),
        retries=_number("DEALWIRE_FETCH_RETRIES", standard.retries, int, 0),
        backoff=_number("DEALWIRE_FETCH_BACKOFF", standard.backoff, float, 0),
        max_wait=_number("DEALWIRE_FETCH_MAX_WAIT", standard.max_wait, float, 0),
        redirects=_number("DEALWIRE_FETCH_REDIRECTS", standard.redirects, int, 0),
    )


def _number(variable: str, standard: Number, kind: Callable[[str], Number], least: float) -> Number:
    said = os.environ.get(variable, "").strip()
    if not said:
        return standard
    try:
        value = kind(said)
    except ValueError:
        raise SettingError(f"{variable}={said!r} is no number") from None
    if not least <= value < float("inf"):
        raise SettingError(f"{variable}={said!r} is not {least} or more")
    return value


def prepare_prefect() -> Path | None:
    """Settle Prefect's settings; call it before Prefect is imported. Whatever the user has set stays.

    Returns the home for a server of our own, None when the user has chosen a server, a profile or a home. The home is kept:
    creating its database takes three times as long as starting on it; and it is not the user's, since one database for several
    Prefect versions breaks its migrations.
    """
    for name, value in _PREFECT.items():
        os.environ.setdefault(name, value)
    chosen = any(os.environ.get(name) for name in ("PREFECT_HOME", "PREFECT_API_URL", "PREFECT_PROFILES_PATH", "PREFECT_PROFILE"))
    if chosen or (Path.home() / ".prefect" / "profiles.toml").exists():
        return None
    home = _prefect_home()
    os.environ["PREFECT_HOME"] = str(home)
    return home


def _prefect_home() -> Path:
    data = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    home = data / "dealwire" / "prefect"
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError:  # a read-only home, as in containers
        home = Path(".prefect").absolute()
        home.mkdir(exist_ok=True)
    return home


def quiet_logs() -> None:
    """Keep the libraries' remarks about single pages off the terminal: every bad page gets its one line from us."""
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.CRITICAL)
