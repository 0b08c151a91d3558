"""Seconds that other libraries take for the texts on standard input; runs in their own environment (benchmarks/peers.txt).

In: ``{"language": "zh-Hans", "texts": [..]}``. Out, last line: ``[{"library", "what", "seconds"}]``.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from typing import Any

Reader = Callable[[str], Any]


def chinese() -> Iterator[tuple[str, str, Reader]]:
    """JioNLP and Recognizers-Text."""
    import jionlp  # noqa: PLC0415  (each only where it is asked for; both import slowly)
    from recognizers_date_time import recognize_datetime  # noqa: PLC0415
    from recognizers_number_with_unit import recognize_currency  # noqa: PLC0415
    from recognizers_text import Culture  # noqa: PLC0415

    base = {"year": 2026, "month": 7, "day": 15}
    yield "jionlp", "money", lambda text: jionlp.ner.extract_money(text, with_parsing=True)
    yield "jionlp", "dates", lambda text: jionlp.ner.extract_time(text, time_base=base)
    yield "recognizers-text", "money", lambda text: recognize_currency(text, Culture.Chinese)
    yield "recognizers-text", "dates", lambda text: recognize_datetime(text, Culture.Chinese)


def arabic() -> Iterator[tuple[str, str, Reader]]:
    """Maha: numerals stand for money, which it does not know."""
    from maha.parsers.functions import parse_dimension  # noqa: PLC0415

    yield "mahad (numerals)", "money", lambda text: parse_dimension(text, numeral=True)
    yield "mahad (time)", "dates", lambda text: parse_dimension(text, time=True)


def seconds(reader: Reader, texts: list[str]) -> float:
    """Processor time for all texts, after one text to load tables. A text that a library raises on counts as read."""
    with contextlib.suppress(Exception):
        reader(texts[0])
    start = time.process_time()
    for text in texts:
        with contextlib.suppress(Exception):
            reader(text)
    return time.process_time() - start


def main() -> None:
    """Answer one question."""
    warnings.simplefilter("ignore")
    question = json.load(sys.stdin)
    with open(os.devnull, "w") as silence, contextlib.redirect_stdout(silence):  # noqa: PTH123  (a device)
        peers = list((arabic if question["language"] == "ar" else chinese)())
        found = [
            {"library": library, "what": what, "seconds": seconds(reader, question["texts"])} for library, what, reader in peers
        ]
    print(json.dumps(found))


if __name__ == "__main__":
    main()
