"""What robots.txt of a host lets us ask for, by RFC 9309."""

from __future__ import annotations

from dataclasses import dataclass

from protego import Protego

MAX_BYTES = 500 * 1024
"""RFC 9309 asks for as much as this to be read, and lets the rest be left"""


@dataclass(frozen=True, slots=True)
class Robots:
    """The rules of one host. `closed` says why nothing may be asked for."""

    rules: Protego | None = None
    closed: str | None = None

    def refusal(self, url: str, agent: str) -> str | None:
        """Why `agent` may not ask for `url`; None when it may."""
        if self.closed:
            return self.closed
        if self.rules is None or self.rules.can_fetch(url, agent):
            return None
        return "robots.txt does not allow it"

    def delay(self, agent: str) -> float:
        """Seconds between two requests that the host asks for; 0 when it does not."""
        return float(self.rules.crawl_delay(agent) or 0) if self.rules else 0.0


def read_robots(raw: bytes) -> Robots:
    r"""The rules of a file. What is no rule in it says nothing.

    >>> robots = read_robots(b"User-agent: *\nDisallow: /*.pdf$\nCrawl-delay: 3")
    >>> robots.refusal("https://x.tw/a.pdf", "dealwire"), robots.refusal("https://x.tw/a", "dealwire"), robots.delay("dealwire")
    ('robots.txt does not allow it', None, 3.0)
    """
    return Robots(Protego.parse(raw[:MAX_BYTES].decode("utf-8", "replace")))
