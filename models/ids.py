"""Canonical JSON, and ids that are its hashes: the same input gives the same id on every machine, in every run."""

from __future__ import annotations

import functools
import hashlib
import json
from typing import Any

import msgspec

# Made once: an encoder for every call would be half of the time for rows as short as these.
_SORTED = msgspec.json.Encoder(order="sorted").encode
_UNSORTED = msgspec.json.Encoder().encode
_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
_PAIRS = tuple(first + second for first in _LETTERS for second in _LETTERS)
"""Ten bits of base32"""


def compact(value: Any, *, sort: bool = True) -> str:
    """JSON without spaces and with sorted keys: equal values are equal bytes. Unsorted where the order says something.

    >>> compact({"b": 1, "a": "元"})
    '{"a":"元","b":1}'
    """
    try:
        return (_SORTED if sort else _UNSORTED)(value).decode()
    except UnicodeEncodeError:  # half a surrogate pair, which only `json` writes
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=sort)


@functools.lru_cache(maxsize=100_000)
def number_id(text: str) -> int:
    """64 bits of BLAKE2b as a signed number, as databases keep one.

    >>> number_id("loan|arm|softbank")
    -6724063702082193275
    """
    return number_of(text)


def number_of(text: str) -> int:
    """The same of a text that does not come again soon: it is not kept."""
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big", signed=True)


def digest(text: str) -> str:
    """128 bits of BLAKE2b as 26 characters of lower-case base32."""
    bits = int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest(), "big") << 2
    high, low = bits >> 60, bits & (1 << 60) - 1  # seven and six pairs: small numbers are shifted in half of the time
    return "".join([
        _PAIRS[high >> 60], _PAIRS[high >> 50 & 1023], _PAIRS[high >> 40 & 1023], _PAIRS[high >> 30 & 1023],
        _PAIRS[high >> 20 & 1023], _PAIRS[high >> 10 & 1023], _PAIRS[high & 1023],
        _PAIRS[low >> 50], _PAIRS[low >> 40 & 1023], _PAIRS[low >> 30 & 1023], _PAIRS[low >> 20 & 1023], _PAIRS[low >> 10 & 1023],
        _PAIRS[low & 1023],
    ])  # fmt: skip


def content_id(*parts: Any) -> str:
    """A 128-bit id of `parts` as 26 characters of lower-case base32.

    `parts` are hashed as canonical JSON, so ("ab", "c") and ("a", "bc") differ. Decimals, dates and other
    values must be turned into strings by the caller: how a value is written is part of its identity.

    >>> content_id("cna", "https://www.cna.com.tw/news/1.aspx")
    'pt7rftzcdjfixhd5ib7oylr7vi'
    """
    return digest(compact(parts))
