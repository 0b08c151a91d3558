"""The nightly flow on Prefect's own test server: what a run does, does again, and survives.

The one place that starts Prefect. Nearly everything else is tested on the plain functions it calls.
"""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from prefect.artifacts import Artifact
from prefect.settings import PREFECT_API_URL
from prefect.testing.utilities import prefect_test_harness

from flows import artifacts, stages
from flows.cli_serve import serve
from flows.intake import UnusableInputError
from flows.nightly import nightly
from flows.readers import _object as read_object
from flows.report import Summary
from flows.server import OwnServer
from flows.stages import ReadingStage, batch_size
from models.article import Article
from models.claim import Extraction
from models.errors import CorpusError
from models.queries import list_events
from models.store import Store
from tests.command import run as command

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session", autouse=True)
def prefect_server() -> Iterator[str]:
    os.environ["DEALWIRE_RATES_URL"] = "off"  # a test asks no bank
    with prefect_test_harness(server_startup_timeout=120):
        yield PREFECT_API_URL.value() or ""


@pytest.fixture
def news(tmp_path: Path) -> Path:
    """Articles of our own in three scripts, one file with a broken row and an English one."""
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "a.txt").write_text("輝達宣布向OpenAI投資100億美元，首批資金將於明年到位。", encoding="utf-8")
    (folder / "a.meta.json").write_text(json.dumps({"published": "2025-12-17", "source": "one"}), encoding="utf-8")
    rows = [
        {"id": "b", "source": "two", "text": "英伟达宣布向OpenAI投资100亿美元，双方昨日签署协议。"},
        {"id": "c", "source": "three", "text": "أعلنت شركة أمازون أنها استثمرت 4 مليارات دولار في شركة أنثروبيك."},
        {"id": "d", "text": "The company said on Tuesday that it would invest."},
    ]
    lines = [json.dumps({**row, "published": "2025-12-18"}, ensure_ascii=False) for row in rows]
    (folder / "b.jsonl").write_text("\n".join([*lines, "{broken"]), encoding="utf-8")
    return folder


def digest(folder: str) -> dict[str, str]:
    """The bytes of every export, by file."""
    root = Path(folder)
    return {
        str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


def run(news: Path, workers: int = 1) -> Summary:
    return nightly([str(news)], f"sqlite:///{news.parent / 'deals.db'}", workers)


def test_a_run_takes_in_extracts_merges_and_publishes(news: Path) -> None:
    summary = run(news)
    assert (summary.intake.new, summary.quarantined, summary.extracted) == (3, 2, 3)
    assert summary.claims >= 3
    assert summary.events.added >= 2
    assert set(summary.seconds) == {"rates", "intake", "extract", "merge", "publish"}
    assert Path(summary.exports) == news.parent / "dealwire-export"
    with Store.open(summary.store) as store:
        merged = [event for event in list_events(store) if set(event.sources) == {"one", "two"}]
        reasons = sorted((item.where.rsplit(":", 1)[1], item.reason.split(":")[0]) for item in store.quarantine())
    assert len(merged) == 1
    assert reasons == [("3", "language not one that is read (zh-Hant, zh-Hans, ar)"), ("4", "not JSON")]


def test_the_second_run_changes_nothing(news: Path) -> None:
    first = run(news)
    before = digest(first.exports)
    second = run(news)
    assert (second.intake.new, second.intake.changed, second.intake.unchanged) == (0, 0, 3)
    assert (second.extracted, second.events.touched) == (0, 0)
    assert digest(second.exports) == before != {}


def test_two_workers_give_the_same_bytes(news: Path) -> None:
    alone = digest(run(news).exports)
    (news.parent / "deals.db").unlink()
    both = digest(run(news, workers=2).exports)
    assert {name: same for name, same in both.items() if not name.startswith("changes")} == {
        name: same for name, same in alone.items() if not name.startswith("changes")
    }


def test_an_article_that_breaks_the_extractor_is_kept_and_tried_again(news: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from extractors.pipeline import extract

    def fragile(article: Article, *_: object) -> Extraction:
        if article.id == "b":
            raise RuntimeError("no such luck")
        return extract(article)

    monkeypatch.setattr("extractors.pipeline.extract", fragile)
    broken = run(news)
    assert (broken.extracted, broken.failed, broken.quarantined) == (2, 1, 3)
    monkeypatch.undo()
    mended = run(news)
    assert (mended.extracted, mended.failed) == (1, 0)
    with Store.open(mended.store) as store:
        assert any(set(event.sources) == {"one", "two"} for event in list_events(store))


def test_what_is_in_quarantine_is_retried_by_command_after_a_fix(news: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three stages of failing: a row that is no JSON, a language we do not read, an article that the extractor stumbles over."""
    from extractors.pipeline import extract

    def fragile(article: Article, *_: object) -> Extraction:
        if article.id == "b":
            raise RuntimeError("no such luck")
        return extract(article)

    monkeypatch.setattr("extractors.pipeline.extract", fragile)
    broken = run(news)
    monkeypatch.undo()
    for path in sorted(news.iterdir()):
        path.unlink()  # what is retried is what was kept
    monkeypatch.setattr("flows.readers._object", lenient)
    url = f"sqlite:///{news.parent / 'deals.db'}"
    mended = nightly(None, url, only_failed=True)
    assert (mended.intake.new, mended.extracted, mended.quarantined) == (1, 2, 1)
    with Store.open(url) as store:
        (left,) = store.quarantine()
        assert "language" in left.reason
        assert sorted(item.settled_as or "open" for item in store.quarantine(settled=True)) == ["open", "retried", "retried"]
        assert {run.run_id for run in store.runs()} == {broken.run_id, mended.run_id}
    again = nightly(None, url, retry=[left.item_id[:8]])
    assert (again.intake.new, again.quarantined, again.events.touched) == (0, 1, 0)


def lenient(raw: bytes, where: str) -> dict[str, Any]:
    """A reader that has learned to read the broken row."""
    mended = b'{"id": "e", "text": "' + "甲公司宣布以新台幣3億元收購乙科技公司。".encode() + b'"}'
    return read_object(mended if raw == b"{broken" else raw, where)


def test_the_gate_keeps_the_publication_and_says_why(news: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = run(news)
    published = digest(before.exports)
    rows = [json.dumps({"id": f"x{n}", "text": "no language of ours"}) for n in range(100)]
    (news / "c.jsonl").write_text("\n".join(rows), encoding="utf-8")
    (news / "d.txt").write_text("微軟宣布以200億美元收購甲骨文。", encoding="utf-8")
    told: list[str] = []
    monkeypatch.setattr("flows.alerts.alert", lambda message: told.append(message["why"]))
    held = run(news)
    why = "102 of 106 items could not be used, 30% are allowed"
    assert (held.status, held.reasons, told) == ("held", (why,), [why])
    assert digest(before.exports) == published
    with Store.open(before.store) as store:
        assert len(list_events(store)) == before.totals.events
        (newest, _) = store.runs()
        assert (newest.status, newest.report and newest.report["reasons"]) == ("held", [why])
    accepted = nightly([str(news)], before.store, accept=True)
    assert (accepted.status, accepted.reasons, accepted.events.added) == ("done", (why,), 1)
    assert digest(before.exports) != published


def test_a_merge_beyond_bounds_is_taken_back(news: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = run(news)
    monkeypatch.setattr("flows.nightly.check_merge", lambda counts: ["too many"] if counts.added else [])
    (news / "d.txt").write_text("微軟宣布以200億美元收購甲骨文。", encoding="utf-8")
    held = run(news)
    assert (held.status, held.reasons, held.totals.events) == ("held", ("too many",), before.totals.events)
    assert held.totals.unmerged > 0
    monkeypatch.undo()
    assert run(news).events.added == 1


def test_a_back_fill_leaves_out_what_is_older(news: Path) -> None:
    summary = nightly([str(news)], f"sqlite:///{news.parent / 'deals.db'}", since="2025-12-18")
    assert (summary.intake.skipped, summary.intake.new) == (1, 2)
    with pytest.raises(UnusableInputError, match="since 'yesterday' is no date"):
        nightly([str(news)], f"sqlite:///{news.parent / 'deals.db'}", since="yesterday")


def test_a_run_leaves_a_log_a_report_and_artifacts(news: Path, capfd: pytest.CaptureFixture[str]) -> None:
    summary = run(news)
    page = Path(summary.report)
    report = json.loads(page.with_suffix(".json").read_text("utf-8"))
    assert report["articles"] == {"new": 3, "unchanged": 0, "changed": 0, "skipped": 0, "quarantined": 2}
    assert report["extraction"]["claims"] == sum(report["extraction"]["claims_by_type"].values()) == summary.claims
    assert [stage["stage"] for stage in report["stages"]] == ["rates", "intake", "extract", "merge", "publish"]
    assert report["rates"]["origin"] == "bundled"
    assert f"<h1>Dealwire run {summary.run_id[:8]}: done</h1>" in page.read_text("utf-8")
    lines = [json.loads(line) for line in page.with_suffix("").with_suffix(".log.jsonl").read_text("utf-8").splitlines()]
    assert {line["run_id"] for line in lines} == {summary.run_id}
    assert [line["event"] for line in lines if line["level"] == "info"] == [
        "began", "rates", "intake", "extracted", "merged", "published", "ended",
    ]  # fmt: skip
    assert [line["reason"].split(":")[0] for line in lines if line["event"] == "quarantined"] == [
        "language not one that is read (zh-Hant, zh-Hans, ar)", "not JSON",
    ]  # fmt: skip
    assert command("runs", "--store", summary.store) == 0
    assert summary.run_id[:10] in capfd.readouterr().out
    assert command("runs", summary.run_id[:8], "--store", summary.store, "--format", "json") == 0
    assert json.loads(capfd.readouterr().out)["report"] == report
    assert command("runs", summary.run_id[:8], "--store", summary.store) == 0
    assert "orchestration_seconds" in capfd.readouterr().out
    for key in (artifacts.SUMMARY, artifacts.QUALITY, artifacts.EXPORT, artifacts.REPORT):
        kept = Artifact.get(key)
        assert kept
        assert kept.data
        assert kept.flow_run_id


def test_a_fault_that_passes_is_retried(news: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []

    def shaky(*arguments: object) -> object:
        calls.append(1)
        if len(calls) == 1:
            raise OSError("disk is busy")
        return None

    monkeypatch.setattr("flows.nightly.publish.retry_delay_seconds", [0, 0])
    monkeypatch.setattr(stages, "publish", shaky)
    run(news)
    assert len(calls) == 2


def test_a_wrong_table_ends_the_run_at_once(news: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []

    def wrong(*arguments: object, **options: object) -> object:
        calls.append(1)
        raise CorpusError("corpus/deals/loan.toml: roles: field required")

    monkeypatch.setattr(stages, "merge", wrong)
    with pytest.raises(CorpusError, match=r"loan\.toml"):
        run(news)
    assert len(calls) == 1
    monkeypatch.undo()
    assert run(news).events.added >= 2


def test_input_that_does_not_exist_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    with pytest.raises(UnusableInputError):
        nightly([str(tmp_path / "none")], f"sqlite:///{tmp_path / 'deals.db'}")
    assert list(tmp_path.iterdir()) == []


def test_tasks_are_tens_however_many_the_articles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def quick(article: Article, *_: object) -> Extraction:
        return Extraction(article.id, article.language or "", article.region, article.published)

    monkeypatch.setattr("extractors.pipeline.extract", quick)
    monkeypatch.setattr(ReadingStage, "batch", counted(ReadingStage.batch, calls := []))
    rows = (json.dumps({"id": str(n), "text": f"輝達今天宣布第{n}項消息"}, ensure_ascii=False) for n in range(1500))
    (tmp_path / "many.jsonl").write_text("\n".join(rows), encoding="utf-8")
    assert nightly([str(tmp_path / "many.jsonl")], f"sqlite:///{tmp_path / 'deals.db'}").extracted == 1500
    assert len(calls) < 20
    done = batches = 0
    while done < 48_000:
        done += batch_size(done)
        batches += 1
    assert batches < 60


def counted(function: Callable[..., Any], calls: list[int]) -> Callable[..., Any]:
    def call(*arguments: Any) -> Any:
        calls.append(1)
        return function(*arguments)

    return call


def test_the_deployment_names_a_flow_that_exists() -> None:
    """By its module: the path form would put `flows/` on the path and shadow our packages."""
    deployments = yaml.safe_load((ROOT / "prefect.yaml").read_text("utf-8"))["deployments"]
    for deployment in deployments:
        module, name = deployment["entrypoint"].rsplit(".", 1)
        assert (module, name) == (nightly.fn.__module__, nightly.fn.__name__)
        assert set(deployment["parameters"]) <= set(nightly.parameters.properties)


@pytest.mark.parametrize(("cron", "zone"), [("every night", "Asia/Taipei"), ("30 2 * * *", "Asia/Atlantis")])
def test_a_schedule_that_means_nothing_is_refused(cron: str, zone: str) -> None:
    with pytest.raises(UnusableInputError, match="is no schedule"):
        serve([], None, 1, cron, zone)


def test_a_server_of_our_own_ends_with_its_parent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A parent that is killed says nothing, but its end of the pipe closes."""
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path))
    server = OwnServer(tmp_path, scheduler=False)
    assert server.process.poll() is None
    assert server.process.stdin
    server.process.stdin.close()
    assert server.process.wait(timeout=60) is not None


def test_dealwire_run_on_a_server_of_the_user(news: Path, prefect_server: str) -> None:
    """The command in a process of its own: exit code 1 for what is in quarantine, and where everything lies."""
    environment = {**os.environ, "PREFECT_API_URL": prefect_server}
    url = f"sqlite:///{news.parent / 'deals.db'}"
    command = [sys.executable, "-m", "flows.cli", "run", str(news), "--store", url]
    done = subprocess.run(command, capture_output=True, env=environment, check=False, cwd=news.parent)
    out = done.stdout.decode()
    assert done.returncode == 1, done.stderr.decode()
    assert done.stderr.decode() == ""
    assert "articles  3 new, 0 unchanged, 0 changed, 2 in quarantine" in out
    assert f"store     {url}" in out
    assert "Nvidia → OpenAI" in out
    assert "77." in out  # HKD


def test_dealwire_run_with_the_samples_and_no_server_at_all(tmp_path: Path) -> None:
    """What `make run` does in a fresh clone, its own server and home included."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT")}
    environment = {**kept, "XDG_DATA_HOME": str(tmp_path / "data"), "HOME": str(tmp_path / "data")}
    done = subprocess.run(
        [sys.executable, "-m", "flows.cli", "run"], capture_output=True, env=environment, check=False, cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr.decode() + done.stdout.decode()
    assert done.stderr.decode() == ""
    assert "sqlite:///dealwire.db" in done.stdout.decode()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "dealwire-export", "dealwire-runs", "dealwire.db"]


def test_a_schedule_fires_and_ends_when_told(news: Path, tmp_path: Path) -> None:
    """`dealwire serve` with a server and a scheduler of its own: one run of the clock's, read back from the store."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT")}
    environment = {**kept, "XDG_DATA_HOME": str(tmp_path / "data"), "HOME": str(tmp_path / "data")}
    url = f"sqlite:///{tmp_path / 'served.db'}"
    command = [sys.executable, "-m", "flows.cli", "serve", str(news), "--cron", "* * * * *", "--store", url]
    with subprocess.Popen(command, env=environment, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as serving:
        try:
            end = time.monotonic() + 300
            while time.monotonic() < end and serving.poll() is None and not finished(tmp_path / "served.db"):
                time.sleep(0.5)
        finally:
            serving.send_signal(signal.SIGTERM)
            out, err = serving.communicate(timeout=120)
    assert serving.returncode == 0, err.decode()
    assert (b"Every * * * * *" in out, err.decode()) == (True, "")
    with Store.open(url) as store:
        first = store.runs()[-1]
        assert (first.status, first.counts["new"], first.counts["quarantined"]) == ("done", 3, 2)
        assert len(list_events(store)) == first.counts["events_added"] > 0


def finished(path: Path) -> bool:
    if not path.exists():
        return False
    with Store.open(f"sqlite:///{path}") as store:
        return any(run.status == "done" for run in store.runs())
