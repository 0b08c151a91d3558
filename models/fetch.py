"""What a server said of an address when it was last fetched, so that the next run asks only whether it has changed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fetch:
    """The last answer of `url`. `etag` and `last_modified` are as the server wrote them; `fetched_at` is ISO 8601 in UTC."""

    url: str
    etag: str | None
    last_modified: str | None
    fetched_at: str
