"""A small web server on loopback for tests: pages by path, answers that misbehave, and what was asked for."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Reply = Callable[["Handler", int], None]
"""(open request, how often its path was asked for before) -> writes an answer"""


@dataclass(slots=True)
class Asked:
    """One request."""

    path: str
    headers: dict[str, str]
    at: float


@dataclass(slots=True)
class Web:
    """A running server. `pages` maps a path, or a host and a path, to its answer; anything else is 404."""

    host: str
    pages: dict[str, Reply] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)

    def url(self, path: str) -> str:
        """The address of a path."""
        return f"http://{self.host}{path}"

    def paths(self) -> list[str]:
        """What was asked for, robots.txt left out."""
        return [one.path for one in self.asked if one.path != "/robots.txt"]

    def serve(self, path: str, body: bytes, kind: str = "text/html; charset=utf-8", **headers: str) -> None:
        """Answer a path with a body; a request on condition of an ETag in `headers` with 304."""

        def reply(handler: Handler, _: int) -> None:
            told = {name.replace("_", "-"): value for name, value in headers.items()}
            if "ETag" in told and handler.headers.get("If-None-Match") == told["ETag"]:
                handler.send(304, b"", told)
            else:
                handler.send(200, body, {"Content-Type": kind, **told})

        self.pages[path] = reply


class Handler(BaseHTTPRequestHandler):
    """Writes what a test wants, also what is wrong."""

    protocol_version = "HTTP/1.1"
    web: Web

    def do_GET(self) -> None:
        """Look the path up and let its answer write."""
        before = sum(one.path == self.path for one in self.web.asked)
        self.web.asked.append(Asked(self.path, {name.lower(): value for name, value in self.headers.items()}, time.monotonic()))
        named = self.headers.get("Host", "").partition(":")[0] + self.path
        reply = self.web.pages.get(named) or self.web.pages.get(self.path) or status(404)
        with contextlib.suppress(ConnectionError):
            reply(self, before)

    def send(self, code: int, body: bytes, headers: dict[str, str]) -> None:
        """A whole answer."""
        self.send_response(code)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if code != 304:
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def status(code: int, body: bytes = b"", **headers: str) -> Reply:
    """An answer with a status."""
    return lambda handler, _: handler.send(code, body, {name.replace("_", "-"): value for name, value in headers.items()})


def to(url: str, code: int = 302) -> Reply:
    """A redirect."""
    return status(code, Location=url)


@contextmanager
def web() -> Iterator[Web]:
    """A server while the block runs."""

    class Own(Handler):
        pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Own)
    server.daemon_threads = True
    server.block_on_close = False
    Own.web = Web(f"127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield Own.web
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
