"""Extraction in several processes: the same results in the same order, whatever happens to a process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from flows import work
from flows.work import Failure, Outcome, Reading, Workers
from models.article import Article
from models.claim import Extraction

TEXT = "輝達宣布向OpenAI投資100億美元。"


def readings(count: int) -> list[Reading]:
    return [Reading(Article(str(n), f"{TEXT}第{n}則"), f"v{n}") for n in range(count)]


def fatal(reading: Reading) -> Outcome:
    """Stands in for `extract_one` in a worker process."""
    if reading.article.id == "17":
        os.kill(os.getpid(), signal.SIGKILL)
    return Extraction(reading.article.id, "zh-Hant", None, None)


def fatal_chunk(chunk: list[Reading]) -> list[Outcome]:
    return [fatal(reading) for reading in chunk]


def test_two_processes_give_what_one_gives_in_the_same_order() -> None:
    with Workers(1) as one, Workers(2) as two:
        assert list(two.extract(readings(70))) == list(one.extract(readings(70)))


def test_processes_that_are_started_early_are_those_that_read() -> None:
    with Workers(2) as workers:
        workers.start()
        pool = workers._pool
        assert pool is not None
        assert len(pool._processes) == 2
        workers.start()
        assert [outcome for _, outcome in workers.extract(readings(3))] == [work.extract_one(one) for one in readings(3)]
        assert workers._pool is pool
    with Workers(1) as alone:
        alone.start()
        assert alone._pool is None


def test_an_article_that_kills_its_process_is_the_only_one_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "_extract_chunk", fatal_chunk)
    with Workers(2) as workers:
        outcomes = list(workers.extract(readings(100)))
        assert [reading.article.id for reading, _ in outcomes] == [str(n) for n in range(100)]
        lost = [outcome for _, outcome in outcomes if isinstance(outcome, Failure)]
        assert lost == [Failure(readings(18)[17].article, "the process that read it died")]
        again = list(workers.extract(readings(3)))
        assert len(again) == 3


def doubled(numbers: Sequence[int]) -> list[int]:
    if 17 in numbers:
        os.kill(os.getpid(), signal.SIGKILL)
    return [2 * one for one in numbers]


def test_what_kills_its_process_is_lost_alone_whatever_the_job() -> None:
    with Workers(2) as workers:
        found = list(workers.map(doubled, range(60), lost=lambda one: -one, weight=lambda one: 1 + one % 9))
    assert found == [(one, -one if one == 17 else 2 * one) for one in range(60)]


def test_workers_end_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(
        "import os, signal\n"
        "from flows.work import Reading, Workers\n"
        "from models.article import Article\n"
        "if __name__ == '__main__':\n"
        "    with Workers(2) as workers:\n"
        "        list(workers.extract([Reading(Article('a', '輝達投資OpenAI'))] * 40))\n"
        "        print(*(workers._pool._processes), flush=True)\n"
        "        os.kill(os.getpid(), signal.SIGKILL)\n",
        encoding="utf-8",
    )
    done = subprocess.run([sys.executable, str(script)], capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    children = [int(pid) for pid in done.stdout.split()]
    assert len(children) == 2
    end = time.monotonic() + 30
    while time.monotonic() < end and any(alive(pid) for pid in children):
        time.sleep(0.1)
    assert not any(alive(pid) for pid in children)


def alive(pid: int) -> bool:
    """Whether a process runs; one that only waits to be reaped does not."""
    stat = Path(f"/proc/{pid}/stat")
    try:
        return stat.read_text("utf-8").rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False
