"""Tell somebody: a command and a webhook of the operator's, when a night fails, is cancelled, crashes, or is held at the gate.

Both get one JSON object: ``status``, ``why``, ``flow_run``, and for a held night its report. An alert that cannot be sent is a
line in Prefect's log and never another failure.
"""

from __future__ import annotations

import json
import logging
import shlex
import subprocess
from collections.abc import Mapping
from typing import Any

import httpx

from flows.settings import alert_command, alert_webhook

_SECONDS = 30
_TRIES = 3

log = logging.getLogger("prefect.dealwire.alerts")


def alert(message: Mapping[str, Any]) -> None:
    """Send `message` to the command and the webhook that the environment names, if any."""
    body = json.dumps(message, ensure_ascii=False, default=str).encode("utf-8", "backslashreplace")
    if command := alert_command():
        _run(command, body)
    if url := alert_webhook():
        _post(url, body)


def _run(command: str, body: bytes) -> None:
    try:
        subprocess.run(shlex.split(command), input=body, timeout=_SECONDS, check=True, capture_output=True)
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        log.error("the alert command failed: %s", error)


def _post(url: str, body: bytes) -> None:
    transport = httpx.HTTPTransport(retries=_TRIES)
    try:
        with httpx.Client(transport=transport, timeout=_SECONDS) as client:
            client.post(url, content=body, headers={"Content-Type": "application/json"}).raise_for_status()
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        log.error("the alert webhook failed: %s", error)


def alert_of_state(flow: Any, flow_run: Any, state: Any) -> None:
    """A Prefect state hook: for every end that is not the good one."""
    if state.is_completed() and state.name != HELD:
        return
    name = state.name if state.is_completed() else state.type.value
    told = {"status": str(name).lower(), "why": state.message, "flow": flow.name, "flow_run": flow_run.name}
    alert({**told, "flow_run_id": flow_run.id, "parameters": flow_run.parameters})


HELD = "Held"
"""Name of the state of a night that the gate kept from publication"""
