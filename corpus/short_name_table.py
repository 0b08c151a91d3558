"""`corpus/short_names_zh.txt.gz`: short names of Chinese companies, one a line, as the name tagger looks them up."""

from __future__ import annotations

import gzip

from corpus.load import corpus_path


def short_names() -> list[str]:
    """Every short name, two to four folded Chinese characters, in order. They name no entity: many are several companies'."""
    return gzip.decompress(corpus_path("short_names_zh.txt.gz").read_bytes()).decode("utf-8").split()
