"""`corpus/pages.toml`: words that pages print around an article."""

from __future__ import annotations

import functools

from pydantic import model_validator

from corpus.load import Row, check, read_toml


class PageTable(Row):
    """Words in every script that is read. What each list is for stands beside it in the file."""

    site_endings: tuple[str, ...]
    site_beginnings: tuple[str, ...]
    lone_lines: frozenset[str]
    notice_beginnings: tuple[str, ...]
    closing_lines: tuple[str, ...]

    @model_validator(mode="after")
    def _no_empty_word(self) -> PageTable:
        for name in type(self).model_fields:
            if any(word != word.strip() or not word for word in getattr(self, name)):
                raise ValueError(f"{name} has an empty word, or one with spaces around it")
        return self


@functools.cache
def page_table() -> PageTable:
    """The table, read once."""
    return check(PageTable, read_toml("pages.toml"), "pages.toml")
