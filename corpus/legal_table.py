"""`corpus/legal_forms.tsv`: what a company name may carry and leave off without becoming another name."""

from __future__ import annotations

import functools
from typing import Literal

from corpus.load import Row, read_tsv
from models.errors import CorpusError


class LegalForm(Row):
    """One legal form, folded."""

    form: str
    place: Literal["head", "tail"]
    country: str


@functools.cache
def legal_forms() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(heads, tails), the longest first. A form given twice is a clash."""
    found: dict[str, list[str]] = {"head": [], "tail": []}
    for line, row in read_tsv("legal_forms.tsv", LegalForm):
        if row.form in found[row.place]:
            raise CorpusError(f"corpus/legal_forms.tsv:{line}: {row.form} is there twice")
        found[row.place].append(row.form)
    heads, tails = (tuple(sorted(forms, key=lambda form: (-len(form), form))) for forms in (found["head"], found["tail"]))
    return heads, tails
