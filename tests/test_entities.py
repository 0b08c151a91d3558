"""The entity table: every row right in form, and no spelling for two rows that nothing tells apart."""

import unicodedata
from collections import defaultdict

import pytest
from pydantic import ValidationError

import corpus.entity_table as table
from corpus.entity_table import Entity, entities
from extractors.normalize import fold
from models.errors import CorpusError

ENTITIES = list(entities().values())
CELLS = [(e, text) for e in ENTITIES for text in (*e.spellings, *e.context)]


def test_size_and_kinds():
    assert len(ENTITIES) >= 2000
    assert {e.kind for e in ENTITIES} == {"company", "person", "government", "fund", "product", "unit", "other"}
    assert {"CN", "TW", "HK", "SA", "AE", "EG", "US", "JP", "KR"} <= {e.country for e in ENTITIES}


def test_strings_are_normalised():
    wrong = [(e.id, text) for e, text in CELLS if text != unicodedata.normalize("NFC", text) or text != " ".join(text.split())]
    assert wrong == []


def test_strings_have_no_presentation_forms_and_no_invisible_characters():
    presentation = lambda char: "\ufb50" <= char <= "\ufdff" or "\ufe70" <= char <= "\ufeff"
    odd = lambda char: presentation(char) or unicodedata.category(char) in ("Cf", "Cc", "Co")
    assert [(e.id, text) for e, text in CELLS if any(map(odd, text))] == []


@pytest.mark.parametrize(
    ("column", "first", "last"), [("hant_tw", "㐀", "鿿"), ("hant_hk", "㐀", "鿿"), ("hans", "㐀", "鿿"), ("ar", "ء", "ۓ")]
)
def test_columns_hold_their_script(column, first, last):
    wrong = [(e.id, text) for e in ENTITIES for text in getattr(e, column) if not any(first <= char <= last for char in text)
             and not any(char.isascii() for char in text)]  # fmt: skip
    assert wrong == []


def test_no_spelling_of_two_rows_without_a_rule():
    rows = defaultdict(dict)
    for entity in ENTITIES:
        for text in entity.spellings:
            rows[fold(text).lower()].setdefault(entity.id, text in entity.guarded)
    clashes = {text: ids for text, ids in rows.items() if len(ids) > 1 and not all(ids.values())}
    assert clashes == {}


def test_rows_that_share_a_guarded_spelling_differ_in_context():
    rows = defaultdict(dict)
    for entity in ENTITIES:
        for text in entity.guarded:
            rows[fold(text).lower()][entity.id] = entity.context
    assert [ids for ids in rows.values() if len(ids) > 1 and len(set(ids.values())) < len(ids)] == []


def test_guarded_spellings_have_context():
    assert [e.id for e in ENTITIES if e.guarded and not e.context] == []
    assert [e.id for e in ENTITIES if e.context and not e.guarded] == []


def test_identifiers_are_unique():
    for column in ("wikidata", "lei"):
        values = [getattr(e, column) for e in ENTITIES if getattr(e, column)]
        assert len(values) == len(set(values))


def test_lei_checksums():
    """ISO 17442: letters as 10..35, the number modulo 97 is 1."""
    leis = [e.lei for e in ENTITIES if e.lei]
    assert leis
    assert [lei for lei in leis if int("".join(str(int(char, 36)) for char in lei)) % 97 != 1] == []


def test_owners_are_rows():
    ids = {e.id for e in ENTITIES}
    assert [e.id for e in ENTITIES if e.parent and e.parent not in ids] == []
    assert [e.id for e in ENTITIES if e.kind == "unit" and not e.parent] == []


def test_names_are_unique():
    names = [e.name for e in ENTITIES]
    assert {name for name in names if names.count(name) > 1} == set()


@pytest.mark.parametrize(
    "values",
    [{"id": "A b"}, {"kind": "firm"}, {"lei": "X"}, {"wikidata": "312"}, {"ar": "أ||ب"}, {"country": "UAE"}, {"colour": "red"}],
)
def test_wrong_row_is_refused(values):
    with pytest.raises(ValidationError):
        Entity.model_validate({"id": "a", "name": "A", "kind": "company"} | values)


@pytest.mark.parametrize(
    ("lines", "message"),
    [(["a\tA\tcompany\t\t", "a\tB\tcompany\t\t"], r"x\.tsv:3: id a is already at .*x\.tsv:2"),
     (["a\tA\tcompany\tb\t"], r"x\.tsv:2: parent b is no row"),
     (["a\tA\tcompany\tb\t", "b\tB\tcompany\ta\t"], "is its own owner"),
     (["a\tA\tcompany\t\tZ"], r"x\.tsv:2: guarded Z is no spelling of the row"),
     (["a\tA\tfirm\t\t"], r"x\.tsv:2: kind")],
)  # fmt: skip
def test_wrong_table_names_file_and_row(tmp_path, monkeypatch, lines, message):
    (tmp_path / "entities").mkdir()
    (tmp_path / "entities" / "x.tsv").write_text("\n".join(["id\tname\tkind\tparent\tguarded", *lines]), encoding="utf-8")
    place = lambda relative: tmp_path.joinpath(*relative.split("/"))
    monkeypatch.setattr(table, "corpus_path", place)
    monkeypatch.setattr("corpus.load.corpus_path", place)
    with pytest.raises(CorpusError, match=message):
        table.entities.__wrapped__()
