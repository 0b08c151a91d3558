"""Seconds that Splink takes to link the claims of a store's benchmark; runs in its own environment (benchmarks/peers.txt).

In: a CSV file with the columns unique_id, type, first, second, amount, day. Out, last line: ``{"what": seconds, "clusters": n}``.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import sys
import time
import warnings
from collections.abc import Callable
from typing import Any


def main(path: str) -> None:
    """Train, predict, cluster: the way of Splink's own guide, with exact blocks as the store has them."""
    import duckdb  # noqa: PLC0415  (only where the peers are installed)
    import splink.comparison_library as compare  # noqa: PLC0415
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on  # noqa: PLC0415

    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    took: dict[str, float] = {}

    def timed(what: str, act: Callable[[], Any]) -> Any:
        start = time.process_time()
        found = act()
        took[what] = time.process_time() - start
        return found

    with open(os.devnull, "w") as silence, contextlib.redirect_stdout(silence):  # noqa: PTH123  (a device)
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
    print(json.dumps({**took, "clusters": clusters[0] if clusters else 0}))


if __name__ == "__main__":
    main(sys.argv[1])
