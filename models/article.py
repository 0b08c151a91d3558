"""An article as published. Its title and text are never changed."""

from __future__ import annotations

from dataclasses import dataclass

FIELD_BREAK = "\n"
"""Between title and text when an article is read as one text. No mention spans it."""


@dataclass(frozen=True, slots=True)
class Article:
    """One article of one source.

    `language` is ``zh-Hant``, ``zh-Hans`` or ``ar`` (detected by `extractors.language` when the source does not say).
    `region` is an ISO 3166-1 alpha-2 code; it decides bare currencies (元, ريال) and scales.
    `published` is an ISO 8601 date or timestamp in the source's zone; None when unknown, never a guess. `published_from` says
    where it is told (``json-ld``, ``meta``, ``url``, ``text``, ``feed``, …); None when the input itself gave it.
    """

    id: str
    text: str
    title: str | None = None
    url: str | None = None
    source: str | None = None
    language: str | None = None
    region: str | None = None
    published: str | None = None
    published_from: str | None = None

    @property
    def document(self) -> str:
        """Title and text as one string; spans of mentions count its code points."""
        return f"{self.title}{FIELD_BREAK}{self.text}" if self.title else self.text

    def locate(self, start: int, end: int) -> tuple[str, int, int]:
        """(field, start, end) of a span of `document`.

        >>> Article(id="a", title="頭條", text="內文").locate(3, 5)
        ('text', 0, 2)
        """
        offset = len(self.title) + len(FIELD_BREAK) if self.title else 0
        if start >= offset:
            return "text", start - offset, end - offset
        return "title", start, end
