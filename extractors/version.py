"""Which extractor this is: a digest of everything that decides what is read, so that no change of it can be forgotten.

The store keeps it with each reading (`models.store.Store.pending`): another digest, and a document is read anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable

_READ = (".py", ".toml", ".tsv")
# What no reading depends on: articles to run and to score, where articles come from, rates (a text keeps the first it was given).
_ASIDE = frozenset({"samples", "gold", "sources", "rates", "floors.toml", "__pycache__"})
# Nor on how a page became the text that the store keeps.
_INTAKE = frozenset({
    "pages.toml", "page_table.py", "source_table.py", "address.py", "body.py", "charset.py", "datelines.py", "headline.py",
    "linked_data.py", "listing.py", "markup.py",
})  # fmt: skip


def _kept(folder: Traversable, path: str) -> Iterator[tuple[str, Traversable]]:
    for entry in folder.iterdir():
        if entry.name in _ASIDE | _INTAKE:
            continue
        if entry.is_dir():
            yield from _kept(entry, f"{path}/{entry.name}")
        elif entry.name.endswith(_READ):
            yield f"{path}/{entry.name}", entry


def digest(packages: Mapping[str, Traversable]) -> str:
    """12 hexadecimal digits over names and contents, whatever the line ends. A checkpoint counts by the digest in its table."""
    found = [pair for name, folder in packages.items() for pair in _kept(folder, name)]
    made = hashlib.sha256()
    for path, entry in sorted(found, key=lambda pair: pair[0]):
        made.update(f"{path}\0".encode())
        made.update(entry.read_bytes().replace(b"\r\n", b"\n"))
    return made.hexdigest()[:12]


VERSION = digest({name: files(name) for name in ("extractors", "corpus")})
"""Of the extractor installed here"""
