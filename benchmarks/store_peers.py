"""Seconds that others take with the claims of a store's benchmark; in an environment of its own (benchmarks/store_peers.txt).

    python benchmarks/store_peers.py PEER CLAIMS.csv

The CSV file has the columns unique_id, type, first, second, amount, day, deal (the number of the deal that is told). Out, last
line: ``{"what": processor seconds, …, "clusters": n}``.
"""

from __future__ import annotations

import contextlib
import csv
import json
import logging
import os
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from typing import Any

Timed = Callable[[str, Callable[[], Any]], Any]


def splink(path: str, timed: Timed) -> int:
    """Train, predict, cluster: the way of Splink's own guide, with exact blocks as the store has them."""
    import duckdb  # noqa: PLC0415  (only where the peers are installed)
    import splink.comparison_library as compare  # noqa: PLC0415
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on  # noqa: PLC0415

    connection = duckdb.connect()
    connection.execute("SET threads = 2")
    types = "{'unique_id': 'BIGINT', 'amount': 'BIGINT', 'day': 'DATE'}"
    connection.execute(f"CREATE TABLE claims AS SELECT * FROM read_csv(?, types = {types})", [path])
    api = DuckDBAPI(connection)
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            compare.ExactMatch("first"), compare.ExactMatch("second"), compare.ExactMatch("amount"),
            compare.AbsoluteDateDifferenceAtThresholds("day", input_is_string=False, metrics=["month"], thresholds=[1]),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("type", "first", "second", "amount"), block_on("type", "first", "second", "day"),
        ],
    )  # fmt: skip
    linker = Linker(api.register("claims"), settings)
    timed("train", lambda: linker.training.estimate_u_using_random_sampling(max_pairs=1e6))
    timed("train, 2", lambda: linker.training.estimate_parameters_using_expectation_maximisation(block_on("first", "second")))
    pairs = timed("predict", lambda: linker.inference.predict(threshold_match_probability=0.5))
    found = timed("cluster", lambda: linker.clustering.cluster_pairwise_predictions_at_threshold(pairs, 0.5))
    clusters = connection.execute(f"SELECT count(DISTINCT cluster_id) FROM {found.physical_name}").fetchone()
    return int(clusters[0]) if clusters else 0


def nomenklatura(path: str, timed: Timed) -> int:
    """What it merges by is judgements, so it is told all of them: which claims are of one deal. Then one more, and that undone.

    The undo dissolves the whole cluster: a single judgement cannot be taken back.
    """
    from nomenklatura.db import Session, get_engine  # noqa: PLC0415  (only where the peers are installed)
    from nomenklatura.judgement import Judgement  # noqa: PLC0415
    from nomenklatura.resolver import Edge, Resolver  # noqa: PLC0415

    def judgements() -> Iterator[Any]:
        with open(path, encoding="utf-8", newline="") as stream:  # noqa: PTH123  (no more than a line)
            for row in csv.DictReader(stream):
                yield Edge(
                    f"NK-{row['deal']}", f"c{row['unique_id']}", judgement=Judgement.POSITIVE, user="bench", created_at="2026"
                )

    with tempfile.TemporaryDirectory() as folder, Session(get_engine(f"sqlite:///{folder}/nk.db")) as session:
        resolver = Resolver[Any](session, create=True)
        timed("load the judgements", lambda: (resolver.load_edges(judgements()), session.checkpoint()))
        clusters = sum(1 for _ in resolver.canonicals())
        one, other = next(judgements()).target.id, "another"
        timed("one judgement", lambda: (resolver.decide(one, other, Judgement.POSITIVE, user="bench"), session.checkpoint()))
        timed("its undo", lambda: (resolver.explode(other), session.checkpoint()))
    return clusters


PEERS = {"Splink": splink, "nomenklatura": nomenklatura}


def main(peer: str, path: str) -> None:
    """Run one of `PEERS`, quietly."""
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    took: dict[str, float] = {}

    def timed(what: str, act: Callable[[], Any]) -> Any:
        start = time.process_time()
        found = act()
        took[what] = time.process_time() - start
        return found

    with open(os.devnull, "w") as silence, contextlib.redirect_stdout(silence):  # noqa: PTH123  (a device)
        clusters = PEERS[peer](path, timed)
    print(json.dumps({**took, "clusters": clusters}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
