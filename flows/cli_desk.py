"""`dealwire desk`: the analyst's page, served from this machine until it is stopped."""

from __future__ import annotations

import gc
import socket
import sys
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import parse_qsl

import uvicorn

from desk.app import create_app
from desk.filters import FilterError
from desk.i18n import LANGUAGES
from desk.report import write_report
from desk.security import LOOPBACK
from desk.state import Desk
from extractors.match import deal_schema, fold_name
from extractors.version import VERSION
from flows.cli_store import open_store
from flows.intake import UnusableInputError
from flows.render import console


def desk(store: str, reviewer: str | None, address: str, port: int, names: Sequence[str]) -> int:
    """Serve the desk. `names` are host names that it answers to beside those of this machine.

    Raises UnusableInputError for an address or port that cannot be had.
    """
    with open_store(store) as opened:
        made = Desk(opened, deal_schema(), fold_name, reviewer=(reviewer or "").strip() or None, code=f"extractor {VERSION}")
        listening = _listen(address, port)
        host = f"[{address}]" if ":" in address else address
        hosts = {*LOOPBACK, host, *(name.lower() for name in names)}
        mode = f"decisions by {made.reviewer}" if made.reviewer else "read-only; --reviewer NAME to decide"
        console().print(f"The desk of {store} ({mode}): http://{host}:{listening.getsockname()[1]}/ - stop with Ctrl-C")
        made.prepare()
        gc.freeze()  # the collector need not look through millions of records that stay
        sys.stdout.flush()  # who starts it from a program waits for this line
        config = uvicorn.Config(
            create_app(made, hosts), log_level="warning", access_log=False, server_header=False, date_header=False,
            h11_max_incomplete_event_size=65_536, timeout_keep_alive=30, ws="none",
        )  # fmt: skip
        uvicorn.Server(config).run(sockets=[listening])
    return 0


def report(store: str, folder: Path, query: str, language: str, most: int) -> int:
    """Write the report and print what it holds. Raises UnusableInputError for a query or language that is none."""
    if language not in LANGUAGES:
        raise UnusableInputError(f"{language}: the pages are in one of {', '.join(LANGUAGES)}")
    with open_store(store) as opened:
        made = Desk(opened, deal_schema(), fold_name)
        try:
            written = write_report(made, folder, parse_qsl(query.lstrip("?")), language, most)
        except FilterError as error:
            raise UnusableInputError(f"--query: {error.name}={error.value} cannot be read") from None
    left = f"; {written.left_out} more events left out (--most {most})" if written.left_out else ""
    console().print(f"{written.events} events in {written.files} files{left}: {folder / 'index.html'}")
    return 0


def _listen(address: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        found = socket.socket(family, socket.SOCK_STREAM)
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind((address, port))
        found.listen(128)
    except OSError as error:
        raise UnusableInputError(f"{address} port {port}: {error.strerror or error}; choose another with --port") from None
    return found
