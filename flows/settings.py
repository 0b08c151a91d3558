"""Where things lie, and how Prefect is told to behave. The environment is read here and nowhere else."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from urllib.parse import urlsplit

STORE_VARIABLE = "DEALWIRE_STORE"
DEFAULT_STORE = "sqlite:///dealwire.db"
EXPORT_FOLDER = "dealwire-export"

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


def export_folder(store: str) -> Path:
    """Where a run writes its exports: beside a SQLite store, else in the current folder.

    >>> export_folder("sqlite:///data/deals.db").as_posix(), export_folder("postgresql+psycopg://host/deals").as_posix()
    ('data/dealwire-export', 'dealwire-export')
    """
    parts = urlsplit(store)
    return Path(parts.path.removeprefix("/")).parent / EXPORT_FOLDER if parts.scheme == "sqlite" else Path(EXPORT_FOLDER)


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
