"""The messages of the interface: found in templates and code, and how far each catalogue has them. For tests and translators.

    python -m desk.catalogue

brings every `desk/locale/<tag>.po` up to date: new messages are added without a translation, those no longer used are dropped.
"""

from __future__ import annotations

import io
from importlib.resources import as_file, files
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from desk.i18n import DEFAULT, LANGUAGES

_METHODS = [("**.py", "python"), ("templates/**.html", "jinja2.ext:babel_extract")]
_OPTIONS = {"templates/**.html": {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}}
_KEYWORDS = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2), "text": None, "count": (1, 2)}


def messages(folder: Path) -> Catalog:
    """Every message of the package in `folder`, without places: they would change with every line."""
    found = Catalog(fuzzy=False)
    for _, _, message, comments, context in extract_from_dir(
        folder, method_map=_METHODS, options_map=_OPTIONS, keywords=_KEYWORDS, strip_comment_tags=True
    ):
        found.add(message, context=context, auto_comments=comments)
    return found


def catalogue(tag: str) -> Catalog:
    """The catalogue of a language; an empty one where it has none."""
    path = files("desk") / "locale" / f"{tag}.po"
    raw = path.read_bytes() if path.is_file() else b""
    return read_po(io.BytesIO(raw), locale=tag.replace("-", "_"))


def update(tag: str, folder: Path) -> None:
    """Bring one catalogue up to date."""
    made = catalogue(tag)
    made.update(messages(folder), no_fuzzy_matching=True, update_creation_date=False)
    made.obsolete.clear()
    with (folder / "locale" / f"{tag}.po").open("wb") as stream:
        write_po(stream, made, width=120, omit_header=False, sort_output=True, ignore_obsolete=True)


if __name__ == "__main__":
    with as_file(files("desk")) as root:
        for one in LANGUAGES.keys() - {DEFAULT}:  # the messages are English: its catalogue has only those that read better
            update(one, root)
