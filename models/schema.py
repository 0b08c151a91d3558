"""The tables of the event store, as SQLAlchemy Core. SQLite and PostgreSQL; ids are content hashes, times ISO 8601 in UTC.

An id is drawn as if by lot, and rows that are found by one lie all over the file. So documents, claims and events have a number
beside it, in the order they came, by which other tables name them: what is new is written at the end of each, in few places.

Raw and append-only: run, document, document_version, extraction, claim, evidence, decision, quarantine (of a document only
the pointers to its current version and its live extraction move; of a claim only the run that closed it is filled in, of
an item of the quarantine how it was settled, of a run how it ended).
What servers last said of an address, and nothing else depends on: fetch.
Derived, and rebuilt from those at any time: claim_node, signature, block, block_page, event_version, event_party, event_conflict.
History of what was derived: event_number, event_redirect, change_log, and the closed rows of event_version.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    String,
    Table,
    Text,
    UniqueConstraint,
    types,
)
from sqlalchemy.engine import Dialect

metadata = MetaData()

# In the order of code points, whatever the server's language: exports and look-ups by a beginning of an id depend on it.
Id = String(26).with_variant(String(26, collation="C"), "postgresql")
Number = BigInteger().with_variant(Integer, "sqlite")
"""A key that SQLite takes for the place of the row itself"""
Words = Text().with_variant(Text(collation="C"), "postgresql")
When = Words


class _SqliteNumber(types.UserDefinedType[Any]):
    """NUMERIC affinity: whole numbers up to 2**63 are kept exactly, and still compare and add up as numbers."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "NUMERIC"


class Money(types.TypeDecorator[Decimal]):
    """Units of a currency. The exact figure is in the event's JSON; this column is for filters and sums."""

    impl = Numeric
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> types.TypeEngine[Any]:
        return dialect.type_descriptor(_SqliteNumber() if dialect.name == "sqlite" else Numeric())

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return value if value is None or dialect.name != "sqlite" else format(value, "f")

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:  # noqa: ARG002 -- SQLAlchemy calls it so
        return None if value is None else Decimal(str(value))


meta = Table("meta", metadata, Column("name", Words, primary_key=True), Column("value", Words, nullable=False))

run = Table(
    "run", metadata,
    Column("run_id", Id, primary_key=True),
    Column("seq", Integer, nullable=False, unique=True),
    Column("started_at", When, nullable=False),
    Column("code_version", Words, nullable=False),
    Column("inputs", Words, nullable=False),
    Column("status", Words, nullable=False),
    Column("counts", Words, nullable=False),
    Column("finished_at", When),
    Column("report", Words),
)  # fmt: skip

document = Table(
    "document", metadata,
    Column("number", Number, primary_key=True, autoincrement=False),
    Column("doc_id", Id, nullable=False, unique=True),
    Column("source", Words),
    Column("url", Words),
    Column("article_id", Words, nullable=False),
    Column("current_version", Id, nullable=False),
    Column("live_version", Id),
    Column("live_component", Words, index=True),
    Column("retracted_run", Id),
)  # fmt: skip

document_version = Table(
    "document_version", metadata,
    Column("version_id", Id, primary_key=True),
    Column("document", BigInteger, nullable=False, index=True),
    Column("number", Integer, nullable=False),
    Column("title", Words),
    Column("text", Words, nullable=False),
    Column("language", Words),
    Column("region", Words),
    Column("published", When),
    Column("published_from", Words),
    Column("origin", Words, nullable=False),
    Column("run_id", Id, nullable=False),
)  # fmt: skip

extraction = Table(
    "extraction", metadata,
    Column("document", BigInteger, primary_key=True, autoincrement=False),
    Column("version_id", Id, primary_key=True),
    Column("component", Words, primary_key=True),
    Column("run_id", Id, nullable=False),
    Column("payload", Words, nullable=False),
)  # fmt: skip

claim = Table(
    "claim", metadata,
    Column("number", Number, primary_key=True, autoincrement=False),
    Column("claim_id", Id, nullable=False),
    Column("claim_key", Id, nullable=False, index=True),
    Column("document", BigInteger, nullable=False),
    Column("version_id", Id, nullable=False),
    Column("component", Words, nullable=False),
    Column("type", Words, nullable=False, index=True, server_default=""),
    Column("facts", Words, nullable=False),
    Column("payload", Words, nullable=False),
    Column("opened_run", Id, nullable=False),
    Column("closed_run", Id),
    UniqueConstraint("document", "claim_id"),  # an id is of one document: this is as good, and new ones lie together
)  # fmt: skip

evidence = Table(
    "evidence", metadata,
    Column("claim", BigInteger, primary_key=True, autoincrement=False),
    Column("n", Integer, primary_key=True),
    Column("field", Words, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("quote", Words, nullable=False),
)  # fmt: skip

decision = Table(
    "decision", metadata,
    Column("decision_id", Id, primary_key=True),
    Column("seq", Integer, nullable=False, unique=True),
    Column("at", When, nullable=False),
    Column("actor", Words, nullable=False),
    Column("rank", Words, nullable=False),
    Column("kind", Words, nullable=False),
    Column("left", Id, nullable=False, index=True),
    Column("right", Id, index=True),
    Column("property", Words),
    Column("value", Words),
    Column("note", Words),
)  # fmt: skip

quarantine = Table(
    "quarantine", metadata,
    Column("item_id", Id, primary_key=True),
    Column("run_id", Id, nullable=False),
    Column("place", Words, nullable=False),
    Column("stage", Words, nullable=False),
    Column("reason", Words, nullable=False),
    Column("size", Integer, nullable=False),
    Column("raw", LargeBinary, nullable=False),  # all of it, packed by zlib
    Column("kind", Words, nullable=False, server_default="row"),
    Column("context", Words, nullable=False, server_default="{}"),
    Column("settled_as", Words),
    Column("settled_run", Id),
)  # fmt: skip

fetch = Table(
    "fetch", metadata,
    Column("url_id", Id, primary_key=True),
    Column("url", Words, nullable=False),
    Column("etag", Words),
    Column("last_modified", Words),
    Column("fetched_at", When, nullable=False),
    Column("run_id", Id, nullable=False),
)  # fmt: skip

dirty = Table(
    "dirty", metadata,
    Column("claim", Number, primary_key=True, autoincrement=False),
    Column("cause", Words, nullable=False),
)  # fmt: skip

signature = Table(
    "signature", metadata,
    Column("number", Number, primary_key=True, autoincrement=False),
    Column("sig_id", Id, nullable=False, unique=True),
    Column("component", BigInteger, nullable=False, index=True),
    Column("mark", Id, nullable=False),
    Column("figures", LargeBinary, nullable=False),
    Column("edges", LargeBinary, nullable=False),
    Column("profile", Words, nullable=False),
)  # fmt: skip

block = Table(
    "block", metadata,
    Column("key", BigInteger, primary_key=True, autoincrement=False),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)  # fmt: skip

block_page = Table(
    "block_page", metadata,
    Column("page", Number, primary_key=True, autoincrement=False),
    Column("rows", LargeBinary, nullable=False),
)  # fmt: skip

claim_node = Table(
    "claim_node", metadata,
    Column("claim", Number, primary_key=True, autoincrement=False),
    Column("signature", BigInteger, nullable=False),
    Column("event", BigInteger, nullable=False, index=True),
    Index("claim_node_by_signature", "signature", "event"),
)  # fmt: skip

event_number = Table(
    "event_number", metadata,
    Column("number", Number, primary_key=True, autoincrement=False),
    Column("event_id", Id, nullable=False, unique=True),
)  # fmt: skip

event_version = Table(
    "event_version", metadata,
    Column("event", BigInteger, primary_key=True, autoincrement=False),
    Column("version", Integer, primary_key=True),
    Column("known_from", When, nullable=False),
    Column("known_to", When),
    Column("run_id", Id, nullable=False),
    Column("content_hash", Id, nullable=False),
    Column("type", Words, nullable=False),
    Column("family", Words, nullable=False),
    Column("status", Words, nullable=False),
    Column("date", Words),
    Column("first_published", When),
    Column("last_published", When),
    Column("usd", Money),
    Column("n_sources", Integer, nullable=False),
    Column("n_origins", Integer, nullable=False),
    Column("confidence", Float, nullable=False),
    Column("payload", Words, nullable=False),
)  # fmt: skip

event_party = Table(
    "event_party", metadata,
    Column("event", BigInteger, primary_key=True, autoincrement=False),
    Column("role", Words, primary_key=True),
    Column("n", Integer, primary_key=True),
    Column("place", Integer, nullable=False),
    Column("side", Words, nullable=False),
    Column("canonical", Words, nullable=False, index=True),
    Column("entity_id", Words),
    Column("parent", Words),
    Column("kind", Words, nullable=False),
    Column("support", Integer, nullable=False),
    Column("corroborated", Boolean, nullable=False),
    Column("names", Words, nullable=False),
)  # fmt: skip

event_conflict = Table(
    "event_conflict", metadata,
    Column("event", BigInteger, primary_key=True, autoincrement=False),
    Column("property", Words, primary_key=True),
    Column("n", Integer, primary_key=True),
    Column("value", Words, nullable=False),
    Column("support", Integer, nullable=False),
    Column("sources", Words, nullable=False),
    Column("best", Boolean, nullable=False),
    Column("reason", Words, nullable=False),
)  # fmt: skip

merge_conflict = Table(
    "merge_conflict", metadata,
    Column("left", Id, primary_key=True),
    Column("right", Id, primary_key=True),
    Column("path", Words, nullable=False),
)  # fmt: skip

event_redirect = Table(
    "event_redirect", metadata,
    Column("old_id", Id, primary_key=True),
    Column("new_id", Id, nullable=False, index=True),
    Column("run_id", Id, nullable=False),
)  # fmt: skip

change_log = Table(
    "change_log", metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("run_id", Id, nullable=False),
    Column("at", When, nullable=False),
    Column("op", Words, nullable=False),
    Column("event_id", Id, nullable=False, index=True),
    Column("other_id", Id),
    Column("version", Integer, nullable=False),
    Column("cause", Words, nullable=False),
    Column("diff", Words, nullable=False),
)  # fmt: skip

VIEWS = ("v_events", "v_event_evidence", "v_money_flows", "v_conflicts", "v_changes")
"""The analysts' views: stable names and columns. Their SQL is in the migrations."""
