"""Ids are content hashes of raw values: the same input gives the same id on every machine, in every run."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any


def content_id(*parts: Any) -> str:
    """A 128-bit id of `parts` as 26 characters of lower-case base32.

    `parts` are hashed as canonical JSON, so ("ab", "c") and ("a", "bc") differ. Decimals, dates and other
    values must be turned into strings by the caller: how a value is written is part of its identity.

    >>> content_id("cna", "https://www.cna.com.tw/news/1.aspx")
    'pt7rftzcdjfixhd5ib7oylr7vi'
    """
    text = json.dumps(parts, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
    return base64.b32encode(digest).decode("ascii").rstrip("=").lower()
