"""A run that is killed and run again leaves what an undisturbed one leaves; two at once leave what one leaves."""

from __future__ import annotations

import json
import multiprocessing
import random
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.night import night, state
from tests.postgres import NoPostgresError, new_database, postgres_server

TYPES = ("宣布向{b}投資{n}億美元。", "以{n}億美元收購{b}。", "向{b}採購{n}億美元的晶片。")
NAMES = ("輝達", "微軟", "亞馬遜", "甲骨文", "軟銀", "台積電", "鴻海", "聯發科", "OpenAI", "英特爾")


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """300 articles of our own that tell some deals several times, some rows that cannot be used."""
    choose = random.Random(7)
    rows = []
    for n in range(300):
        a, b = choose.sample(NAMES, 2)
        text = f"{a}{choose.choice(TYPES).format(b=b, n=choose.randrange(1, 9))}"
        rows.append(json.dumps({"id": str(n), "source": f"s{n % 5}", "text": text, "published": f"2025-12-{n % 28 + 1:02}"}))
    rows[50:50] = ["{broken", json.dumps({"id": "en", "text": "The company said it would."})]
    path = tmp_path_factory.mktemp("news") / "news.jsonl"
    path.write_text("\n".join(rows), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def server() -> Iterator[str | None]:
    try:
        with postgres_server() as url:
            yield url
    except NoPostgresError:
        yield None


@pytest.fixture(params=["sqlite", "postgresql"])
def urls(request: pytest.FixtureRequest, tmp_path: Path, server: str | None) -> list[str]:
    """Two empty stores of each engine."""
    if request.param == "sqlite":
        return [f"sqlite:///{tmp_path / name}.db" for name in ("calm", "killed")]
    if server is None:
        pytest.skip("no PostgreSQL here")
    return [new_database(server) for _ in range(2)]


def at_once(url: str, exports: Path, news: Path, kill_at: int = 0) -> multiprocessing.process.BaseProcess:
    """A night in a process of its own."""
    process = multiprocessing.get_context("spawn").Process(target=night, args=(url, exports, [str(news)], kill_at))
    process.start()
    return process


def test_killed_again_and_again_it_ends_where_the_undisturbed_run_ends(urls: list[str], news: Path, tmp_path: Path) -> None:
    calm, killed = urls
    statements = night(calm, tmp_path / "calm", [str(news)])
    moments = random.Random(statements)
    exits = []
    for share in (0.15, 0.5, 0.9):  # each from where the last one got to
        process = at_once(killed, tmp_path / "out", news, max(2, int(statements * share * moments.uniform(0.8, 1.0))))
        process.join(120)
        exits.append(process.exitcode)
    assert -signal.SIGKILL in exits
    assert set(exits) <= {-signal.SIGKILL, 0}
    night(killed, tmp_path / "out", [str(news)])
    assert state(killed, tmp_path / "out") == state(calm, tmp_path / "calm")


def test_two_at_once_are_as_good_as_one(urls: list[str], news: Path, tmp_path: Path) -> None:
    calm, both = urls
    night(calm, tmp_path / "calm", [str(news)])
    processes = [at_once(both, tmp_path / "out", news) for _ in range(2)]
    for process in processes:
        process.join(120)
    assert [process.exitcode for process in processes] == [0, 0]
    held, expected = state(both, tmp_path / "out"), state(calm, tmp_path / "calm")
    assert held == expected
