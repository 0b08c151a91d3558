"""Whoever is to be told is told, with the reason; a message that cannot be sent harms nobody."""

from __future__ import annotations

import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import SimpleNamespace

import pytest
from prefect.states import Cancelled, Completed, Crashed, Failed

from flows.alerts import HELD, alert, alert_of_state

RUN = SimpleNamespace(name="quick-otter", id="1", parameters={"inputs": ["cna"]})
FLOW = SimpleNamespace(name="nightly")


def test_the_command_gets_the_message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "told.json"
    code = f"import pathlib, sys; pathlib.Path({str(target)!r}).write_bytes(sys.stdin.buffer.read())"
    monkeypatch.setenv("DEALWIRE_ALERT_COMMAND", f'{sys.executable} -c "{code}"')
    alert_of_state(FLOW, RUN, Failed(message="no disk"))
    assert json.loads(target.read_text("utf-8")) == {
        "status": "failed", "why": "no disk", "flow": "nightly", "flow_run": "quick-otter", "flow_run_id": "1",
        "parameters": {"inputs": ["cna"]},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("state", "status"),
    [
        (Failed(message="x"), "failed"),
        (Crashed(message="x"), "crashed"),
        (Cancelled(message="x"), "cancelled"),
        (Completed(name=HELD, message="x"), "held"),
        (Completed(message="x"), None),
    ],
)
def test_every_end_but_the_good_one_is_told(state: object, status: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[dict[str, str]] = []
    monkeypatch.setattr("flows.alerts.alert", sent.append)
    alert_of_state(FLOW, RUN, state)
    assert [message["status"] for message in sent] == ([status] if status else [])


def test_the_webhook_gets_the_message(monkeypatch: pytest.MonkeyPatch) -> None:
    bodies: list[bytes] = []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Silent."""

    server = HTTPServer(("127.0.0.1", 0), Hook)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("DEALWIRE_ALERT_WEBHOOK", f"http://127.0.0.1:{server.server_port}/hook")
    alert({"why": "新聞"})
    server.shutdown()
    assert json.loads(bodies[0]) == {"why": "新聞"}


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/hook", "nonsense"])
def test_an_alert_that_cannot_be_sent_harms_nobody(
    url: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("DEALWIRE_ALERT_WEBHOOK", url)
    monkeypatch.setenv("DEALWIRE_ALERT_COMMAND", "no-such-command 'quoted badly")
    with caplog.at_level("ERROR", logger="prefect.dealwire.alerts"):
        alert({"why": "x"})
    assert [record.getMessage().split(" failed: ")[0] for record in caplog.records] == ["the alert command", "the alert webhook"]
