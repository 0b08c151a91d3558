"""Numbers and money against the suites of peers: shares of the cases in scope, with a table of what is out of scope and why.

The cases lie beside the repository (DEALWIRE_CASES, by default ../shared/cases); without them every test here is skipped.
Run as a script, it prints the failures of the suites named (`python tests/test_conformance_money.py jionlp hard`).
"""

from __future__ import annotations

import json
import os
import re
import sys
import tomllib
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from extractors.amounts import find_amounts
from extractors.normalize import normalize
from extractors.numerals import find_numbers, parse_number
from models.mention import Amount, Number

ROOT = Path(__file__).resolve().parents[1]
CASES = Path(os.environ.get("DEALWIRE_CASES", ROOT.parent / "shared" / "cases"))
ARTICLES = CASES.parent / "articles"
DIMENSIONS = ("number", "number-compact", "money", "money-name", "money-symbol", "money-extract")
SUITES = ("jionlp", "duckling", "recognizers", "maha", "nemo", "cldr", "price-parser", "cn2an", "wetext")
EXACT = ("hard", "seeds")
SHARE = 0.95
MOST_OUT_OF_SCOPE = 0.25
TABLE = ROOT / "tests" / "conformance" / "money_out_of_scope.toml"
# What the suites call a currency in words of their own.
JIONLP = {
    "元": "CNY", "美元": "USD", "日元": "JPY", "港元": "HKD", "新台币": "TWD", "欧元": "EUR", "澳元": "AUD", "泰铢": "THB",
    "英镑": "GBP", "韩元": "KRW",
}  # fmt: skip
SIGNS = {
    "US$": "USD", "JPY¥": "JPY", "$": "USD", "¥": "CNY", "€": "EUR", "£": "GBP", "₩": "KRW", "₹": "INR", "₽": "RUB",
    "TWD": "TWD", "HK$": "HKD", "ر.س": "SAR",
}  # fmt: skip
GENERIC = {"DOLLAR": None, "POUND": None, "CENT": None}

Case = dict[str, Any]


def load(suite: str) -> Iterator[Case]:
    for path in sorted(CASES.glob(f"{suite}.*.jsonl")):
        if path.name.split(".")[2] in DIMENSIONS:
            with path.open(encoding="utf-8") as lines:
                yield from map(json.loads, lines)


def out_of_scope() -> dict[str, str]:
    return {row["id"]: row["reason"] for row in tomllib.loads(TABLE.read_text(encoding="utf-8"))["case"]}


def language_of(case: Case) -> str:
    return {"zh": "zh-Hans", "ar-EG": "ar"}.get(case["lang"], case["lang"])


def region_of(case: Case) -> str | None:
    """Suites of mainland China and cases with a locale say where they are from."""
    if case["suite"] in ("jionlp", "recognizers", "wetext", "nemo", "cn2an") and case["lang"] != "ar":
        return "CN"
    place = str(case.get("locale") or "").split("_")[-1]
    return place if len(place) == 2 and place not in ("ZH", "AR") else None


def amounts(case: Case) -> list[Amount]:
    return find_amounts(normalize(case["text"]), language_of(case), region_of(case))


def bounds(found: Amount | Number) -> tuple[Decimal | None, Decimal | None]:
    return (found.value, found.value) if found.value is not None else (found.low, found.high)


def hedged(found: Amount) -> tuple[Decimal | None, Decimal | None]:
    """Bounds as the suites with open intervals write them."""
    low, high = bounds(found)
    if found.value is None:
        return low, high
    if found.modifier in ("over", "at_least"):
        return low, None
    return (None, high) if found.modifier in ("up_to", "under") else (low, high)


def decimal(text: Any) -> Decimal | None:
    return None if text is None else Decimal(str(text))


def one(case: Case) -> Amount | None:
    found = [amount for amount in amounts(case) if not amount.is_equivalent]
    return found[0] if len(found) == 1 else None


def passes_hard(case: Case) -> bool:
    expected = case["expected"]
    if expected.get("none"):
        return not amounts(case)
    if "pair" in expected:
        got = [(a.value, a.currency) for a in amounts(case)]
        return got == [(Decimal(v), c) for v, c in expected["pair"]]
    found = one(case)
    if found is None or found.currency != expected["currency"]:
        return False
    want = (decimal(expected["from"]), decimal(expected["to"]))
    if expected["op"] == "<~":  # 近: below and close, which is `about` here
        return found.value == want[1] and found.modifier == "about"
    return hedged(found) == want


def passes_seed(case: Case) -> bool:
    path = next(ARTICLES.glob(f"{case['context']['doc']}_*.txt"), None)
    text = path.read_text(encoding="utf-8") if path else case["text"]
    start = case["context"]["start"] if path else 0
    start += text[start] == " "  # the suite's spans may begin with a blank
    meta = {"000": "HK", "002": "TW", "004": "AE"}[case["context"]["doc"]]
    found = [a for a in find_amounts(normalize(text), language_of(case), meta) if a.start == start]
    expected = case["expected"]
    return len(found) == 1 and found[0].text == case["text"].strip() and (found[0].value, found[0].currency) == (
        Decimal(expected["value"]), expected["currency"])  # fmt: skip


def passes_jionlp(case: Case) -> bool:
    expected = case["expected"]
    if isinstance(expected, list):
        got = [(a.text, a.start, a.end) for a in amounts(case)]
        return got == [(e["text"], *e["offset"]) for e in expected]
    found = one(case)
    number = expected["num"]
    want = (Decimal(number), Decimal(number)) if isinstance(number, str) else (Decimal(number[0]), Decimal(number[1]))
    return found is not None and bounds(found) == want and found.currency == JIONLP[expected["case"]]


def passes_duckling(case: Case) -> bool:
    expected = case["expected"]
    if case["dim"] == "number":
        return passes_value(case)
    found = one(case)
    if found is None:
        return False
    named = GENERIC.get(expected["currency"], expected["currency"])
    by = Decimal(100) if expected["currency"] == "CENT" else Decimal(1)
    got = bounds(found) if "value" in expected else hedged(found)
    want = (decimal(expected.get("value", expected.get("from"))), decimal(expected.get("value", expected.get("to"))))
    return tuple(b if b is None else b * by for b in got) == want and named in (None, found.currency)


def passes_value(case: Case) -> bool:
    """The whole text is one number; a vague one passes with its lower bound, which is what the suites give."""
    expected = case["expected"]
    if "values" in expected:
        found = find_numbers(normalize(case["text"]), language_of(case))
        return [n.value for n in found] == [Decimal(str(v)) for v in expected["values"]]
    want = Decimal(str(expected["value"]))
    if case["suite"] == "cn2an" and re.search("[元圆]", case["text"]):
        return [a.value for a in amounts(case)] == [want]
    text = case["text"].rstrip("个個") if case["suite"] == "duckling" else case["text"]
    number = parse_number(text, language_of(case)) or parse_number(text.strip(" .,!@$&()+"), language_of(case))
    return number is not None and same(number, want)


def same(number: Number, want: Decimal) -> bool:
    """Percent counts in hundredths here, and as a ratio in the suites."""
    got = bounds(number)[0]
    got = got / 100 if got is not None and number.kind == "percent" else got
    return got is not None and abs(got - want) <= abs(want) * Decimal("1e-9")


def passes_recognizers(case: Case) -> bool:
    clean, expected = normalize(case["text"]), case["expected"]
    if case["dim"] == "number":
        numbers = find_numbers(clean, language_of(case))
        if len(numbers) != len(expected):
            return False
        return all(
            (n.start, n.end - 1) == (e["Start"], e["End"]) and same(n, Decimal(e["Resolution"]["value"]))
            for n, e in zip(numbers, expected, strict=True)
        )
    found = amounts(case)
    if len(found) != len(expected):
        return False
    got = [(a.start, a.end - 1, a.currency, bounds(a)[0]) for a in found]
    resolved = [(e, e["Resolution"]) for e in expected]
    return got == [(e["Start"], e["End"], r["isoCurrency"], decimal(r["value"])) for e, r in resolved]


def written(text: str) -> tuple[Decimal, Decimal, str | None] | None:
    """Bounds and currency of a written form: US$1.5万, £7~8, 17-8万, 1,110万, ر.س5."""
    sign = next((s for s in sorted(SIGNS, key=len, reverse=True) if text.startswith(s)), "")
    match = re.fullmatch(r"(-?[0-9][0-9,]*\.?[0-9]*)(?:[~-]([0-9.]+))?([万亿億萬]*)", text[len(sign) :])
    if match is None:
        return None
    scale = Decimal(1)
    for char in match.group(3):
        scale *= {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}[char]
    low_text = match.group(1).replace(",", "")
    high_text = match.group(2) or low_text
    high_text = low_text[: max(0, len(low_text) - len(high_text))] + high_text  # 17-8 is 17 to 18
    return Decimal(low_text) * scale, Decimal(high_text) * scale, SIGNS.get(sign)


def passes_written(case: Case) -> bool:
    want = written(case["expected"]["written"])
    if case["dim"] == "money":
        found = one(case)
        return want is not None and found is not None and (*bounds(found), found.currency) == want
    if want is not None:
        number = parse_number(case["text"], language_of(case))
        return number is not None and bounds(number) == want[:2]
    language = language_of(case)
    numbers = [bounds(n) for n in find_numbers(normalize(case["expected"]["written"].replace("-", "负")), language)]
    return [bounds(n) for n in find_numbers(normalize(case["text"]), language)] == numbers


def passes_cldr(case: Case) -> bool:
    if case["dim"] == "number-compact":
        return passes_value(case)
    found = one(case)
    expected = case["expected"]
    return found is not None and (found.value, found.currency) == (Decimal(expected["value"]), expected["currency"])


def passes_price(case: Case) -> bool:
    found = one(case)
    return found is not None and found.value == Decimal(case["expected"]["amount"])


PASSES: dict[str, Callable[[Case], bool]] = {
    "hard": passes_hard, "seeds": passes_seed, "jionlp": passes_jionlp, "duckling": passes_duckling,
    "recognizers": passes_recognizers, "maha": passes_value, "nemo": passes_written, "wetext": passes_written,
    "cldr": passes_cldr, "cn2an": passes_value, "price-parser": passes_price,
}  # fmt: skip


def failures(suite: str) -> tuple[list[Case], int, int]:
    """(cases in scope that fail, cases in scope, all cases)."""
    cases = list(load(suite))
    left_out = out_of_scope()
    scope = [case for case in cases if case["id"] not in left_out]
    return [case for case in scope if not PASSES[suite](case)], len(scope), len(cases)


def cases_or_skip(suite: str) -> None:
    if not any(CASES.glob(f"{suite}.*.jsonl")):
        pytest.skip(f"no cases of {suite} in {CASES}: set DEALWIRE_CASES")


@pytest.mark.parametrize("suite", EXACT)
def test_every_case_is_read(suite: str) -> None:
    cases_or_skip(suite)
    assert [case["id"] for case in failures(suite)[0]] == []


@pytest.mark.parametrize("suite", SUITES)
def test_share_of_a_peer_suite(suite: str) -> None:
    cases_or_skip(suite)
    failed, in_scope, total = failures(suite)
    assert in_scope >= (1 - MOST_OUT_OF_SCOPE) * total
    assert len(failed) <= (1 - SHARE) * in_scope, [case["id"] for case in failed]


def test_reasons_are_given() -> None:
    assert all(len(reason.split()) >= 3 for reason in out_of_scope().values())


if __name__ == "__main__":
    for name in sys.argv[1:] or (*EXACT, *SUITES):
        failed, in_scope, total = failures(name)
        share = 1 - in_scope / total
        print(f"{name}: {in_scope - len(failed)}/{in_scope} in scope, {total} cases, {share:.0%} out of scope")
        for case in failed:
            grammar = find_numbers if case["dim"].startswith("number") else None
            text = normalize(case["text"])
            got = find_numbers(text, language_of(case)) if grammar else amounts(case)
            shown = [(m.text, *map(str, bounds(m)), m.modifier, getattr(m, "currency", ""), m.issues) for m in got]
            print("  ", case["id"], "|", case["text"], "|", json.dumps(case["expected"], ensure_ascii=False)[:160], "|", shown)
