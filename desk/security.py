"""What stands between a page and the rest of the web: host check, headers, and a token for requests that change something."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Collection

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
COOKIE = "dealwire_desk"
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # under no-referrer, browsers send our own forms with the origin "null"
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def host_of(header: str) -> str:
    """The name in a Host header, without the port.

    >>> host_of("localhost:8800"), host_of("[::1]:8800"), host_of("EXAMPLE.com.")
    ('localhost', '[::1]', 'example.com')
    """
    name = header.strip().lower()
    name = name[: name.index("]") + 1] if name.startswith("[") and "]" in name else name.split(":")[0]
    return name.rstrip(".")


class Guard:
    """Answers only requests that name one of `hosts`, and puts the security headers on every answer.

    A page of another site can have its own name resolve to this machine; its requests then carry that name and are refused.
    """

    def __init__(self, app: ASGIApp, hosts: Collection[str]) -> None:
        self.app = app
        self.hosts = frozenset(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        if host_of(Headers(scope=scope).get("host", "")) not in self.hosts:
            await PlainTextResponse("This desk does not answer to that host name.\n", 421)(scope, receive, guarded)
            return
        await self.app(scope, receive, guarded)


class Tokens:
    """Tokens of forms. Each is bound to the visitor's cookie, and worth nothing in another process of the desk."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)

    @staticmethod
    def visitor() -> str:
        """A new value for the cookie."""
        return secrets.token_urlsafe(24)

    def token(self, visitor: str) -> str:
        """The token of the forms of a visitor."""
        return hmac.new(self._key, visitor.encode(), "sha256").hexdigest()

    def good(self, visitor: str | None, token: str | None) -> bool:
        """Whether a form came from a page of ours."""
        return bool(visitor) and bool(token) and hmac.compare_digest(self.token(str(visitor)).encode(), str(token).encode())


def same_site(headers: Headers) -> bool:
    """Whether a browser says that a request comes from our own pages. One that says nothing is left to the token."""
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = headers.get("origin")
    return origin is None or origin.partition("://")[2].lower() == headers.get("host", "").lower()
