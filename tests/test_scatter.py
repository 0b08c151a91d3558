"""Extraction on a Dask cluster of separate processes, with PostgreSQL as the store: the same as in one process."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from prefect.testing.utilities import prefect_test_harness

from flows.intake import UnusableInputError
from flows.nightly import nightly
from tests.night import night, state
from tests.postgres import NoPostgresError, new_database, postgres_server

distributed = pytest.importorskip("distributed", reason="no Dask here: pip install dealwire[dask]")

SAMPLES = Path(__file__).parents[1] / "corpus" / "samples"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    try:
        with postgres_server() as url:
            yield url
    except NoPostgresError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def prefect() -> Iterator[None]:
    os.environ["DEALWIRE_RATES_URL"] = "off"  # a test asks no bank
    with prefect_test_harness(server_startup_timeout=120):
        yield


def test_a_cluster_gives_what_one_process_gives(
    prefect: None, server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEALWIRE_RUNS", str(tmp_path / "runs"))
    monkeypatch.setattr("flows.scatter.PART", 5)
    alone, together = new_database(server), new_database(server)
    night(alone, tmp_path / "alone", [str(SAMPLES)])
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster:
        workers = {worker.pid for worker in cluster.workers.values()}
        assert len(workers) == 2
        assert os.getpid() not in workers
        summary = nightly([str(SAMPLES)], together, exports=str(tmp_path / "together"), dask=cluster.scheduler_address)
        assert summary.extracted == 20
        again = nightly([str(SAMPLES)], together, exports=str(tmp_path / "together"), dask=cluster.scheduler_address)
    assert (again.extracted, again.events.touched) == (0, 0)
    held, expected = state(together, tmp_path / "together"), state(alone, tmp_path / "alone")
    del held["exports"], expected["exports"]  # the same tables, in one format more
    assert held == expected


def test_a_store_in_a_file_is_refused(prefect: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEALWIRE_RUNS", str(tmp_path / "runs"))
    with pytest.raises(UnusableInputError, match="several machines need a store on PostgreSQL"):
        nightly([str(SAMPLES)], f"sqlite:///{tmp_path / 'deals.db'}", dask="tcp://127.0.0.1:9")
