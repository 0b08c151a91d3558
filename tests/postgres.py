"""A PostgreSQL server of our own, for tests and benchmarks."""

from __future__ import annotations

import os
import random
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_OTHER_ORDER = ("--locale-provider=icu", "--icu-locale=en-US")


class NoPostgresError(Exception):
    """Why there is none here."""


@contextmanager
def postgres_server() -> Iterator[str]:
    """URL of a server that runs while the block does; its order of letters is not that of SQLite. Raises NoPostgresError."""
    programs = [shutil.which(name) for name in ("initdb", "pg_ctl")]
    if not all(programs):
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin")) if Path("/usr/lib/postgresql").is_dir() else []
        programs = [str(found[-1] / name) for name in ("initdb", "pg_ctl")] if found else []
    if not programs:
        raise NoPostgresError("no PostgreSQL here: apt-get install postgresql")
    if os.geteuid() == 0 and not shutil.which("runuser"):
        raise NoPostgresError("PostgreSQL does not start as root, and there is no runuser")
    with tempfile.TemporaryDirectory(prefix="dealwire-pg-") as folder, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        as_user = ["runuser", "-u", "nobody", "--"] if os.geteuid() == 0 else []
        if as_user:
            shutil.chown(folder, "nobody")
        data = f"{folder}/data"
        commands = (
            [programs[0], "-D", data, "-U", "dealwire", "-A", "trust", "-E", "UTF8", *_OTHER_ORDER],
            [programs[1], "-D", data, "-w", "-l", f"{folder}/log", "-o", f"-p {port} -k {folder} -c fsync=off", "start"],
        )
        for command in commands:
            done = subprocess.run([*as_user, *map(str, command)], capture_output=True, text=True, check=False)
            if done.returncode:
                raise NoPostgresError(f"PostgreSQL does not start: {done.stderr.strip()[-200:]}")
        try:
            yield f"postgresql+psycopg://dealwire@127.0.0.1:{port}"
        finally:
            subprocess.run([*as_user, str(programs[1]), "-D", data, "-m", "immediate", "stop"], capture_output=True, check=False)


def new_database(server: str) -> str:
    """URL of an empty database."""
    import psycopg

    name = f"t{random.SystemRandom().getrandbits(60)}"
    with psycopg.connect(f"{server.replace('+psycopg', '')}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"{server}/{name}"
