"""`dealwire serve`: the nightly schedule on one machine, until it is stopped."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

from flows.intake import SAMPLES, UnusableInputError, find_inputs
from flows.render import console
from flows.server import own_server
from flows.settings import prepare_prefect, store_url


def serve(inputs: Sequence[str], store: str | None, workers: int, cron: str, zone: str) -> int:
    """Run the flow on schedule, each run a process of its own. Ends with Ctrl-C or SIGTERM.

    Without a Prefect server of the user's, one with a scheduler runs beside it. Raises UnusableInputError for inputs, a
    schedule or a time zone that cannot be used.
    """
    given = list(inputs) or [SAMPLES]
    find_inputs(given)
    url = store_url(store)
    with own_server(prepare_prefect(), scheduler=True) as server:
        from prefect import serve as serve_deployments  # noqa: PLC0415 - beside the server's start
        from prefect.client.schemas.schedules import CronSchedule  # noqa: PLC0415
        from prefect.deployments.runner import RunnerDeployment  # noqa: PLC0415
        from prefect.types.entrypoint import EntrypointType  # noqa: PLC0415

        from flows.nightly import nightly  # noqa: PLC0415

        try:
            schedule = CronSchedule(cron=cron, timezone=str(ZoneInfo(zone)))
        except (ValueError, LookupError, OSError):
            raise UnusableInputError(f"{cron!r} in {zone!r} is no schedule ('30 2 * * *' in Asia/Hong_Kong)") from None
        if server is not None:
            server.wait()
        deployment = RunnerDeployment.from_flow(
            nightly, "served", schedules=[schedule], entrypoint_type=EntrypointType.MODULE_PATH, concurrency_limit=1,
            parameters={"inputs": _absolute(given), "store": url, "workers": workers},
        )  # fmt: skip
        console().print(f"Every {cron} ({zone}) into {url}; stop with Ctrl-C.")
        serve_deployments(deployment, print_starting_message=False)
    return 0


def _absolute(inputs: Sequence[str]) -> list[str]:
    """Paths that hold wherever a run is started; source ids as they are."""
    return [str(Path(given).absolute()) if Path(given).exists() else given for given in inputs]
