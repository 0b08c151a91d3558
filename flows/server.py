"""A Prefect server for one run, for those who have none: started early, beside our own imports, and gone with its parent.

Prefect would start one itself when the flow is called, but only after it has imported the whole server into the client, for
nothing; and its child outlives a killed parent. Run as a module, this file is that child.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from models.errors import DealwireError

_TIMEOUT = 120
"""Seconds; the first start creates the server's tables"""
_CHILD = {"PREFECT_UI_ENABLED": "0", "PREFECT__SERVER_FINAL": "1"}
_WITHOUT_SCHEDULER = {"PREFECT__SERVER_EPHEMERAL": "1"}


class ServerError(DealwireError):
    """Prefect's server did not come up."""


class OwnServer:
    """A server process on a free port of this machine. Make it before Prefect is imported, `wait` before a flow runs."""

    def __init__(self, home: Path, scheduler: bool) -> None:
        self.log = home / "server.log"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.api_url = f"http://127.0.0.1:{port}/api"
        with self.log.open("wb") as log:
            environment = {**os.environ, **_CHILD, **({} if scheduler else _WITHOUT_SCHEDULER)}
            self.process = subprocess.Popen(
                [sys.executable, "-m", "flows.server", str(port)], env=environment, stdin=subprocess.PIPE,
                stdout=log, stderr=log, start_new_session=True,  # Ctrl-C is for us; the server still has to hear how it ended
            )  # fmt: skip

    def wait(self) -> None:
        """Until the server answers; raises ServerError when it does not."""
        end = time.monotonic() + _TIMEOUT
        while time.monotonic() < end and self.process.poll() is None:
            with contextlib.suppress(OSError), urllib.request.urlopen(f"{self.api_url}/health", timeout=5):
                return
            time.sleep(0.05)
        raise ServerError(f"Prefect's own server did not start; its log is {self.log}")

    def stop(self) -> None:
        """End the process."""
        self.process.terminate()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self.process.stdin:
            self.process.stdin.close()


def check_reachable(api_url: str) -> None:
    """Raise ServerError when the user's own server does not answer; Prefect would say so in forty lines."""
    try:
        with urllib.request.urlopen(f"{api_url.rstrip('/')}/health", timeout=30):
            return
    except urllib.error.HTTPError:  # it answers; whether it lets us in is for Prefect to say
        return
    except (OSError, ValueError) as error:
        raise ServerError(f"no Prefect server answers at {api_url}: {getattr(error, 'reason', error)}") from None


@contextlib.contextmanager
def own_server(home: Path | None, scheduler: bool = False) -> Iterator[OwnServer | None]:
    """A server kept in `home` while the block runs, and the environment that points Prefect to it. None starts none.

    Without `scheduler` it records runs, and starts none by itself. Raises ServerError when there is none where the user says.
    """
    if home is None:
        if api_url := os.environ.get("PREFECT_API_URL"):
            check_reachable(api_url)
        yield None
        return
    server = OwnServer(home, scheduler)
    os.environ["PREFECT_API_URL"] = server.api_url
    try:
        yield server
    finally:
        os.environ.pop("PREFECT_API_URL", None)
        server.stop()


def _end_with_parent() -> None:
    sys.stdin.buffer.read()  # the parent never writes: the pipe ends when the parent does
    os.kill(os.getpid(), signal.SIGTERM)


def _serve(port: int) -> None:
    import uvicorn  # noqa: PLC0415 - only the child serves

    threading.Thread(target=_end_with_parent, daemon=True).start()
    uvicorn.run("prefect.server.api.server:create_app", factory=True, host="127.0.0.1", port=port, log_level="error")


if __name__ == "__main__":
    _serve(int(sys.argv[1]))
