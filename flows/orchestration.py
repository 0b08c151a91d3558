"""Prefect, imported once its settings are settled: it reads the environment when it is imported."""

from __future__ import annotations

from typing import Any

from flows.settings import prepare_prefect

prepare_prefect()

from prefect import flow, get_run_logger, task  # noqa: E402
from prefect.artifacts import create_link_artifact, create_markdown_artifact, create_table_artifact  # noqa: E402
from prefect.cache_policies import NO_CACHE  # noqa: E402
from prefect.events.worker import EventsWorker  # noqa: E402
from prefect.logging.handlers import APILogWorker  # noqa: E402
from prefect.states import Completed  # noqa: E402

from models.errors import DealwireError, StoreUnavailableError  # noqa: E402

__all__ = [
    "Completed", "create_link_artifact", "create_markdown_artifact", "create_table_artifact", "drain", "flow",
    "get_run_logger", "stage_options", "task",
]  # fmt: skip

_DRAIN_SECONDS = 10


def _worth_a_retry(_task: Any, _run: Any, state: Any) -> bool:
    """Not for errors that we raise ourselves: a wrong table is as wrong the second time. A database may come back."""
    error = state.result(raise_on_failure=False)
    return isinstance(error, StoreUnavailableError) or not isinstance(error, DealwireError)


def stage_options(minutes: float) -> dict[str, Any]:
    """Options of a stage that may take so long. It may run twice: the store keeps what is known already and does the rest."""
    return {
        "retries": 2, "retry_delay_seconds": [2, 30], "retry_jitter_factor": 0.5, "retry_condition_fn": _worth_a_retry,
        "timeout_seconds": minutes * 60, "cache_policy": NO_CACHE, "persist_result": False,
    }  # fmt: skip


def drain() -> None:
    """Let Prefect send the logs and events it still holds; after a server of our own is gone it would wait for it in vain."""
    for worker in (APILogWorker, EventsWorker):
        worker.drain_all(timeout=_DRAIN_SECONDS)
