"""The commands as people and programs call them: exit codes, machine output to the letter, readable tables, lean starts."""

from __future__ import annotations

import base64
import csv
import io
import json
import re
import subprocess
import sys
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console
from typer.main import get_command

from flows import stages
from flows.cli import app
from flows.cli_store import party_test
from flows.intake import find_files, take_in
from flows.render import json_text, money, parties, table
from flows.work import Workers
from models.claim import Extraction
from models.store import Store
from tests.command import run

ZH = "輝達宣布向OpenAI投資100億美元，首批資金將於明年到位。"
AR = "أعلنت شركة أمازون أنها استثمرت 4 مليارات دولار في شركة أنثروبيك."
COMMANDS = [
    "run",
    "runs",
    "doctor",
    "extract",
    "parse",
    "events",
    "show",
    "circles",
    "export",
    "archive",
    "restore",
    "fx",
    "quarantine",
    "sources",
    "decide",
    "diff",
    "serve",
    "desk",
    "report",
    "evaluate",
    "train",
]


@pytest.fixture(scope="session")
def news(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two articles of our own, and one that is in no language of ours."""
    path = tmp_path_factory.mktemp("news") / "news.jsonl"
    rows = [
        {"id": "zh", "title": ZH, "text": ZH, "published": "2025-12-17", "source": "one", "region": "TW"},
        {"id": "ar", "text": AR, "published": "2025-12-17", "source": "two", "region": "AE"},
        {"id": "en", "text": "The company said on Tuesday that it would invest."},
    ]
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def store(news: Path) -> str:
    """A store that one run has filled, without Prefect."""
    url = f"sqlite:///{news.with_name('deals.db')}"
    with Store.open(url) as opened, Workers(1) as workers:
        run_id = opened.begin_run(datetime(2025, 12, 18, tzinfo=UTC), "test", "[]")
        stages.intake(opened, run_id, take_in(find_files([str(news)])), lambda _: None)
        stages.ReadingStage(opened, run_id, workers, lambda _: None).batch(100)
        stages.merge(opened, run_id)
    return url


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_shows_an_example(command: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(command, "-h") == 0
    assert f"Example: dealwire {command}" in capfd.readouterr().out


def test_every_command_is_tested_here() -> None:
    assert sorted(COMMANDS) == sorted(get_command(app).commands)  # type: ignore[attr-defined]


def test_extract_writes_the_contract(news: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run("extract", str(news), "--format", "jsonl") == 1
    out, err = capfd.readouterr()
    rows = [json.loads(line) for line in out.splitlines()]
    assert [row["id"] for row in rows] == ["zh", "ar"]
    assert err.count("\n") == 1
    assert f"{news}:3: language not one that is read" in err
    articles = {row["id"]: row for row in map(json.loads, news.read_text("utf-8").splitlines())}
    claims = 0
    for row in rows:
        assert set(row) == {"id", "language", "region", "published", "claims", "amounts", "dates", "names", "issues"}
        for claim in row["claims"]:
            claims += 1
            for quote in claim["evidence"]:
                assert articles[row["id"]][quote["field"]][quote["start"] : quote["end"]] == quote["quote"]
        for mention in (*row["amounts"], *row["dates"]):
            assert articles[row["id"]][mention["field"]][mention["start"] : mention["end"]] == mention["text"]
        for amount in row["amounts"]:
            assert isinstance(amount["value"], str)
    assert claims


def test_workers_change_nothing(news: Path, capfd: pytest.CaptureFixture[str]) -> None:
    run("extract", str(news), "--format", "json")
    alone = capfd.readouterr().out
    run("extract", str(news), "--format", "json", "--workers", "2")
    assert capfd.readouterr().out == alone


def test_extract_starts_without_prefect_and_sql(news: Path) -> None:
    script = (
        "import sys\nfrom flows.cli import main\n"
        "try:\n    main(['extract', sys.argv[1]])\nexcept SystemExit as end:\n    assert end.code == 1\n"
        "heavy = {'prefect', 'sqlalchemy', 'alembic', 'duckdb', 'trafilatura', 'feedparser', 'transformers'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(news)], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


def test_standard_input_in_any_locale() -> None:
    script = "from flows.cli import main; main(['extract', '-', '--format', 'jsonl'])"
    done = subprocess.run(
        [sys.executable, "-X", "utf8=0", "-c", script], input=ZH.encode(), capture_output=True, check=False,
        env={"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PATH": ""},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()
    assert json.loads(done.stdout)["id"] == "stdin"


def test_events_for_people_and_machines(store: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert run("events", "--store", store) == 0
    table = capfd.readouterr().out
    assert run("events", "--store", store, "--format", "json") == 0
    listed = json.loads(capfd.readouterr().out)
    assert run("events", "--store", store, "--format", "csv") == 0
    rows = list(csv.DictReader(io.StringIO(capfd.readouterr().out)))
    assert listed
    assert [event["id"] for event in listed] == [row["event_id"] for row in rows]
    assert all(event["id"][:10] in table for event in listed)
    assert all(isinstance(event["amount"]["value"], str) for event in listed if event["amount"])


def test_events_are_found_by_a_party_in_any_script(store: str, capfd: pytest.CaptureFixture[str]) -> None:
    found = []
    for name in ("Nvidia", "輝達", "英伟达", "إنفيديا"):
        run("events", "--store", store, "--party", name, "--format", "json")
        found.append([event["id"] for event in json.loads(capfd.readouterr().out)])
    assert found[0]
    assert found == [found[0]] * len(found)
    assert not party_test("輝達")("Apple")


def test_filters_on_money_and_time(store: str, capfd: pytest.CaptureFixture[str]) -> None:
    def count(*arguments: str) -> int:
        assert run("events", "--store", store, "--format", "json", *arguments) == 0
        return len(json.loads(capfd.readouterr().out))

    assert count("--min-usd", "9,000m") < count("--min-usd", "1bn") <= count()
    assert count("--as-known-at", "2025-12-01") == 0
    assert run("events", "--store", store, "--min-usd", "much") == 2
    assert run("events", "--store", store, "--as-known-at", "then") == 2


def test_show_tells_where_it_is_from(store: str, capfd: pytest.CaptureFixture[str]) -> None:
    run("events", "--store", store, "--party", "Amazon", "--format", "json")
    (event,) = json.loads(capfd.readouterr().out)
    assert run("show", event["id"][:8], "--store", store) == 0
    page = capfd.readouterr().out
    assert event["id"] in page
    assert "evidence" in page
    assert "\u2068" in page
    assert run("show", event["id"], "--store", store, "--format", "json") == 0
    out = capfd.readouterr().out
    assert "\u2068" not in out
    assert json.loads(out)["evidence"][0]["quote"] in AR
    assert run("show", "zzzz", "--store", store) == 2


def test_circles_of_a_store(store: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert run("circles", "--store", store, "--format", "json") == 0
    assert json.loads(capfd.readouterr().out) == []


def test_diff_shows_what_a_new_version_would_do_and_does_nothing(
    store: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def listed() -> str:
        assert run("events", "--store", store, "--format", "json") == 0
        return capfd.readouterr().out

    before = listed()
    assert run("diff", "--store", store) == 0
    assert "0 documents to read anew; events: none would change" in capfd.readouterr().out
    monkeypatch.setattr("flows.cli_diff.VERSION", "next")
    monkeypatch.setattr("extractors.pipeline.extract", lambda article, *_: Extraction(article.id, "ar", None, None))
    assert run("diff", "--store", store, "--format", "json") == 0
    changes = json.loads(capfd.readouterr().out)
    assert {change["op"] for change in changes} == {"DEL"}
    assert len(changes) == len(json.loads(before))
    assert listed() == before


def test_export_names_its_files(store: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run("export", str(tmp_path / "out"), "--format", "csv", "--format", "jsonl", "--store", store) == 0
    files = capfd.readouterr().out.splitlines()
    assert files
    assert all(Path(file).is_file() for file in files)


def test_an_archive_is_restored_into_a_new_store(store: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run("archive", str(tmp_path / "out"), "--store", store) == 0
    assert run("restore", str(tmp_path / "out"), "--store", f"sqlite:///{tmp_path / 'new.db'}") == 0
    capfd.readouterr()
    listed = []
    for url in (store, f"sqlite:///{tmp_path / 'new.db'}"):
        assert run("events", "--store", url, "--format", "json") == 0
        listed.append(capfd.readouterr().out)
    assert listed[0] == listed[1]
    assert run("restore", str(tmp_path / "out"), "--store", store) == 2
    assert "empty store" in capfd.readouterr().err


def test_the_fx_policy_is_shown_and_changed(store: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert run("fx", "--store", store) == 0
    assert "deal-date" in capfd.readouterr().out
    assert run("fx", "first-report", "--store", store) == 0
    assert "events changed" in capfd.readouterr().out
    assert run("fx", "guess", "--store", store) == 2
    assert "no such policy" in capfd.readouterr().err


def test_quarantine_lists_reasons(store: str, news: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run("quarantine", "--store", store) == 0
    assert "Latin script" in capfd.readouterr().out
    assert run("quarantine", "--store", store, "--format", "json") == 0
    (item,) = json.loads(capfd.readouterr().out)
    assert item["where"] == f"{news}:3"
    assert item["stage"] == "intake"
    assert run("quarantine", "show", item["item_id"][:8], "--store", store) == 0
    assert capfd.readouterr().out.encode() == base64.b64decode(item["raw"]) == news.read_bytes().splitlines(keepends=True)[2]


def test_a_dismissed_item_leaves_the_list_and_stays_in_the_store(store: str, capfd: pytest.CaptureFixture[str]) -> None:
    run("quarantine", "--store", store, "--format", "json")
    (item,) = json.loads(capfd.readouterr().out)
    assert run("quarantine", "dismiss", item["item_id"], "--store", store) == 0
    run("quarantine", "--store", store)
    assert "0 in quarantine" in capfd.readouterr().out.replace("1 dismissed", "")
    run("quarantine", "--store", store, "--settled")
    assert "dismissed" in capfd.readouterr().out
    assert run("quarantine", "dismiss", "zzz", "--store", store) == 2


def test_a_decision_is_kept_and_applied(store: str, capfd: pytest.CaptureFixture[str]) -> None:
    run("events", "--store", store, "--format", "json")
    event = json.loads(capfd.readouterr().out)[0]
    assert run("decide", "set", event["id"], "status", "terminated", "--note", "called off", "--by", "me", "--store", store) == 0
    decision = capfd.readouterr().out.split()[1].rstrip(":")
    run("show", event["id"], "--store", store, "--format", "json")
    assert json.loads(capfd.readouterr().out)["event"]["status"] == "terminated"
    assert run("decide", "retract", decision, "--store", store) == 0
    run("show", event["id"], "--store", store, "--format", "json")
    assert json.loads(capfd.readouterr().out.split("\n", 1)[1])["event"]["status"] == event["status"]
    assert run("decide", "same", event["id"], "--store", store) == 2


def test_parse_shows_what_the_grammars_read(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run("parse", "約港幣3.9兆元", "--region", "HK", "--reference", "2025-12-17", "--format", "json") == 0
    (amount,) = json.loads(capfd.readouterr().out)["amounts"]
    assert (amount["value"], amount["currency"], amount["modifier"]) == ("3900000000000", "HKD", "about")
    rows = [
        {"id": 1, "text": "去年10月", "language": "zh", "reference": "2025-12-17"},
        {"id": "b", "text": "١٦ ديسمبر ٢٠٢٥", "language": "ar-EG"},
        {"id": "c", "text": "12"},
    ]
    path = tmp_path / "phrases.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows) + "{\n", encoding="utf-8")
    assert run("parse", "--jsonl", str(path)) == 1
    out, err = capfd.readouterr()
    first, second = map(json.loads, out.splitlines())
    assert set(first) == {"id", "numbers", "amounts", "dates"}
    assert first["dates"][0]["value"] == "2024-10"
    assert second["dates"][0]["value"] == "2025-12-16"
    assert f"{path}:3: the language cannot be told" in err
    assert f"{path}:4: not JSON" in err


def test_tables_keep_right_to_left_text_in_its_cell() -> None:
    """Every line of a wrapped cell is isolated by itself, columns stay aligned, and nothing is cut."""
    out = io.StringIO()
    words = "شركة اتصالات المتحدة القابضة"
    Console(file=out, width=24).print(table("", ("who", "USD"), [(words, "5bn"), ("輝達與微軟", "10bn")], right=("USD",)))
    lines = out.getvalue().splitlines()
    turned = [line for line in lines if "\u2068" in line]
    assert len(turned) > 1
    assert all(line.count("\u2068") == line.count("\u2069") == 1 for line in turned)
    assert "".join(re.findall("\u2068(.*?)\u2069", out.getvalue())).replace(" ", "") == words.replace(" ", "")
    assert len({cell_len(line.rstrip().rsplit("bn", 1)[0]) for line in lines if "bn" in line}) == 1
    assert "\u2068" not in json_text({"name": "شركة"})


def test_machine_output_is_exact() -> None:
    value = {"d": Decimal("1E+3"), "t": "\ud83d\u2028輝"}
    text = json_text(value)
    text.encode("utf-8")
    assert json.loads(text) == {"d": "1000", "t": "\ud83d\u2028輝"}


@pytest.mark.parametrize(
    ("value", "short"),
    [
        ("38000000000", "38bn"),
        ("1234567", "1.235m"),
        ("999", "999"),
        ("0.5", "0.5"),
        ("295300848191.2", "295.3bn"),
        ("1e15", "1000tn"),
    ],
)
def test_sums_are_short_but_not_wrong(value: str, short: str) -> None:
    assert money(Decimal(value)) == short


def test_who_pays_stands_first() -> None:
    assert (
        parties({"seller": ["B"], "buyer": ["A"], "company": ["C"]}, ("buyer", "seller", "company")).text == "A → B (company C)"
    )
    arabic = parties({"payer": ["أمازون"], "paid": ["أنثروبيك"]}, ("payer", "paid")).text
    assert arabic == "\u2068أمازون\u2069 → \u2068أنثروبيك\u2069"
    out = io.StringIO()
    Console(file=out, width=12).print(parties({"payer": ["شركة اتصالات المتحدة"], "paid": ["B"]}, ("payer", "paid")))
    assert all(line.count("\u2068") == line.count("\u2069") for line in out.getvalue().splitlines())


def test_sources_lists_every_row(capfd: pytest.CaptureFixture[str]) -> None:
    assert run("sources") == 0
    assert "中央社" in capfd.readouterr().out
    assert run("sources", "--format", "json") == 0
    rows = {row["id"]: row for row in json.loads(capfd.readouterr().out)}
    assert rows["cna"]["home_currency"] == "TWD"
    assert rows["lbci"]["kind"] == "sitemap"
