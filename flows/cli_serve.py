"""`dealwire serve`: the nightly schedule on one machine, until it is stopped."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from flows.intake import SAMPLES, UnusableInputError, find_inputs
from flows.render import console
from flows.server import own_server
from flows.settings import STORE_VARIABLE, prepare_prefect, store_url, without_password

if TYPE_CHECKING:
    from prefect.client.schemas.schedules import CronSchedule
    from prefect.deployments.runner import RunnerDeployment

SERVED = "served"
"""Name of the deployment"""


def serve(inputs: Sequence[str], store: str | None, workers: int, cron: str, zone: str) -> int:
    """Run the flow on schedule, each run a process of its own and one at a time. Ends with Ctrl-C or SIGTERM.

    A run that is under way is ended with it: what it has done stays, and the next run does the rest. Without a Prefect server of
    the user's, one with a scheduler runs beside it. Raises UnusableInputError for inputs, a schedule or a time zone that cannot
    be used.
    """
    given = list(inputs) or [SAMPLES]
    find_inputs(given)
    url = store_url(store)
    os.environ[STORE_VARIABLE] = url  # for the runs: parameters are kept by Prefect, and a URL may hold a password
    with own_server(prepare_prefect(), scheduler=True) as server:
        from prefect.deployments.runner import RunnerDeployment  # noqa: PLC0415 - beside the server's start
        from prefect.types.entrypoint import EntrypointType  # noqa: PLC0415

        from flows.nightly import nightly  # noqa: PLC0415
        from flows.orchestration import drain  # noqa: PLC0415

        schedule = _schedule(cron, zone)
        if server is not None:
            server.wait()
        deployment = RunnerDeployment.from_flow(
            nightly, SERVED, schedules=[schedule], entrypoint_type=EntrypointType.MODULE_PATH, concurrency_limit=1,
            parameters={"inputs": _absolute(given), "workers": workers},
        )  # fmt: skip
        console().print(f"Every {cron} ({zone}) into {without_password(url)}; stop with Ctrl-C.")
        try:
            asyncio.run(_until_stopped(deployment))
        finally:
            drain()
    return 0


async def _until_stopped(deployment: RunnerDeployment) -> None:
    """Prefect's runner, ended in its own event loop.

    Prefect's handler of SIGTERM calls `Runner.stop`, which inside a running loop only makes a coroutine that nobody awaits, and
    then leaves by `sys.exit`: runs under way were neither told nor waited for, and "astop was never awaited" was printed.
    """
    from prefect.runner import Runner  # noqa: PLC0415 - beside the server's start

    stopping: list[asyncio.Task[None]] = []

    class Stoppable(Runner):
        def handle_sigterm(self, *_: object) -> None:
            if self.started and not stopping:
                stopping.append(asyncio.get_running_loop().create_task(self.astop()))

    runner = Stoppable(name=SERVED, limit=1)
    await runner.aadd_deployment(deployment)
    asyncio.get_running_loop().add_signal_handler(signal.SIGINT, runner.handle_sigterm)
    await runner.start(webserver=False)
    await asyncio.gather(*stopping)


def _schedule(cron: str, zone: str) -> CronSchedule:
    from prefect.client.schemas.schedules import CronSchedule  # noqa: PLC0415 - as above

    try:
        return CronSchedule(cron=cron, timezone=str(ZoneInfo(zone)))
    except (ValueError, LookupError, OSError):
        raise UnusableInputError(f"{cron!r} in {zone!r} is no schedule ('30 2 * * *' in Asia/Hong_Kong)") from None


def _absolute(inputs: Sequence[str]) -> list[str]:
    """Paths that hold wherever a run is started; source ids as they are."""
    return [str(Path(given).absolute()) if Path(given).exists() else given for given in inputs]
