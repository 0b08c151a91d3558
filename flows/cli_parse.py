"""`dealwire parse`: the numbers, amounts, dates and times of a phrase, to see what the grammars make of it."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from extractors.amounts import find_amounts
from extractors.dates import find_dates
from extractors.language import SUPPORTED, chinese_script, detect, parse_tag
from extractors.normalize import normalize
from extractors.numerals import find_numbers
from extractors.published import iso_date
from extractors.rates import with_rates
from extractors.times import find_times
from flows.intake import UnusableInputError
from flows.render import console, json_text, money, table, write_lines
from models.article import Article
from models.codec import Json, amount_to_json, date_to_json, decimal_text
from models.errors import InputError
from models.mention import Amount, DateMention, Number, TimeMention

_KEYS = ("id", "text", "language", "region", "reference")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A text to parse, with what its article would tell of it."""

    id: str
    text: str
    language: str
    region: str | None
    reference: date | None


@dataclass(frozen=True, slots=True)
class Parsed:
    """What the grammars read in a phrase."""

    phrase: Phrase
    numbers: list[Number]
    amounts: list[Amount]
    dates: list[DateMention]

    def to_json(self) -> Json:
        """One line of `parse --jsonl`."""
        article = Article(id=self.phrase.id, text=self.phrase.text)
        return {
            "id": self.phrase.id,
            "numbers": [_number_to_json(number) for number in self.numbers],
            "amounts": [amount_to_json(article, amount) for amount in self.amounts],
            "dates": [date_to_json(article, mention) for mention in self.dates],
        }


def phrase(values: dict[str, Any], where: str) -> Phrase:
    """A phrase from its fields, the language detected when it is not given; raises InputError naming `where`."""
    said = {key: values.get(key) for key in _KEYS}
    for key, value in said.items():
        if value is not None and not isinstance(value, str) and key != "id":
            raise InputError(where, f"{key} is {type(value).__name__}, not text")
    text = said["text"]
    if not text:
        raise InputError(where, "no text")
    language, region = _language(text, said["language"], said["region"], where)
    reference = iso_date(said["reference"]) if said["reference"] else None
    if said["reference"] and reference is None:
        raise InputError(where, f"reference {said['reference']!r} is no date (2025-12-17)")
    day = date.fromisoformat(reference[:10]) if reference else None
    return Phrase("" if said["id"] is None else str(said["id"]), text, language, region, day)


def parse(given: Phrase) -> Parsed:
    """Everything the three grammars read; amounts at the rate of the reference day when there is one."""
    clean = normalize(given.text)
    amounts = find_amounts(clean, given.language, given.region)
    return Parsed(
        given, find_numbers(clean, given.language), [with_rates(amount, given.reference) for amount in amounts],
        find_dates(clean, given.language, given.reference, given.region),
    )  # fmt: skip


def parse_one(values: dict[str, Any], form: str) -> int:
    """Print what one phrase says, as a table or JSON."""
    try:
        parsed = parse(phrase(values, "parse"))
    except InputError as error:
        raise UnusableInputError(error.reason) from None
    if form == "json":
        times = [_time_to_json(mention) for mention in _times(parsed.phrase)]
        write_lines([json_text({**parsed.to_json(), "times": times}, indent=2)])
    else:
        console().print(table("", ("what", "text", "value", "kind", "notes"), _rows(parsed)))
    return 0


def parse_lines(path: str) -> int:
    """A JSONL file of phrases -> a line for each on standard output; the exit code, 1 when a row could not be used."""
    trouble: list[str] = []
    write_lines(json_text(parse(given).to_json()) for given in _phrases(path, trouble))
    return 1 if trouble else 0


def _phrases(path: str, trouble: list[str]) -> Iterator[Phrase]:
    try:
        raw = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    except OSError as error:
        raise UnusableInputError(f"{path}: {error.strerror}") from None
    for number, line in enumerate(io.BytesIO(raw), 1):
        where = f"{path}:{number}"
        try:
            values = json.loads(line) if line.strip() else None
            if isinstance(values, dict):
                yield phrase(values, where)
            elif values is not None:
                raise InputError(where, "not a JSON object")
        except InputError as error:
            trouble.append(str(error))
            print(error, file=sys.stderr)
        except ValueError as error:
            trouble.append(where)
            print(f"{where}: not JSON: {error}", file=sys.stderr)


def _language(text: str, declared: str | None, region: str | None, where: str) -> tuple[str, str | None]:
    """What is declared, even of a text that is all digits; else what the letters say."""
    tag = parse_tag(declared) if declared else None
    if tag is not None and tag.language is None:
        raise InputError(where, f"language {declared!r} is not one that is read ({', '.join(SUPPORTED)})")
    region = (region or (tag.region if tag else None) or "").upper() or None
    if tag is not None and tag.language is not None:
        script = parse_tag(f"zh-{region}").language if region else None
        measured = chinese_script(text) or (script if script in SUPPORTED else "zh-Hans")
        return (tag.language if tag.language in SUPPORTED else measured), region
    found = detect(text, None, region)
    if found.language is None:
        raise InputError(where, f"the language cannot be told ({found.reason}); give it as --language zh-Hant, zh-Hans or ar")
    return found.language, found.region


def _number_to_json(number: Number) -> Json:
    return {
        "value": decimal_text(number.value), "low": decimal_text(number.low), "high": decimal_text(number.high),
        "modifier": number.modifier, "kind": number.kind, "issues": list(number.issues),
        "start": number.start, "end": number.end, "text": number.text,
    }  # fmt: skip


def _times(given: Phrase) -> list[TimeMention]:
    """The wider reading of one phrase: times of day, lengths, what recurs."""
    return find_times(normalize(given.text), given.language, given.reference, given.region)


def _time_to_json(mention: TimeMention) -> Json:
    bounds = (None if at is None else at.isoformat(timespec="seconds") for at in (mention.starts_at, mention.ends_at))
    return {
        "kind": mention.kind, "value": mention.value, "precision": mention.precision,
        **dict(zip(("starts_at", "ends_at"), bounds, strict=True)), "approximate": mention.approximate,
        "issues": list(mention.issues), "start": mention.start, "end": mention.end, "text": mention.text,
    }  # fmt: skip


def _rows(parsed: Parsed) -> Iterator[tuple[object, ...]]:
    for number in parsed.numbers:
        value = decimal_text(number.value) or f"{decimal_text(number.low) or ''}..{decimal_text(number.high) or ''}"
        yield "number", number.text, value, f"{number.kind} {number.modifier}", "; ".join(number.issues)
    for amount in parsed.amounts:
        usd = money(*amount.converted("USD"))
        notes = [f"{usd} USD" if usd else "", "currency from " + amount.currency_evidence if amount.currency_inferred else ""]
        told = f"{money(amount.value, amount.low, amount.high)} {amount.currency or '?'}"
        yield "amount", amount.text, told, f"{amount.kind} {amount.modifier}", "; ".join(filter(None, (*notes, *amount.issues)))
    for mention in parsed.dates:
        period = f"{mention.start_date or ''} to before {mention.end_date or ''}"
        yield "date", mention.text, mention.value or "", mention.precision, "; ".join((period, *mention.issues))
    for time in _times(parsed.phrase):
        if time.kind != "date":
            yield "time", time.text, time.value or "", f"{time.kind} {time.precision}", "; ".join(time.issues)
