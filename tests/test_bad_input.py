"""Input that cannot be used: one clear line each, the rest goes on, the item is in quarantine with its reason."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from flows import cli_extract
from flows.intake import Defaults, find_files, take_in
from flows.readers import MAX_RAW, MAX_TEXT, Rejected
from flows.work import Failure, Reading, Workers
from models.article import Article
from models.claim import Extraction
from models.errors import CorpusError
from tests.command import run

HANT = "甲公司昨日宣布，以新台幣三億元收購乙公司的雲端業務，雙方預計在下半年完成交割。"

BAD: dict[str, tuple[bytes, str]] = {
    "empty.txt": (b"", "empty"),
    "blank.txt": ("\ufeff \r\n\u3000\u200b".encode(), "empty"),
    "binary.txt": (bytes(range(256)) * 40, "binary, not text"),
    "zeros.txt": (b"\x00" * 4096, "binary, not text"),
    "latin.txt": ("Les résultats de l'été à Zürich étaient très élevés".encode("latin-1"), "not UTF-8 (byte 0xe9 at 5)"),
    "cut.txt": (HANT.encode()[:-1], "not UTF-8"),
    "damaged.txt": ((HANT + "\ufffd" * 20).encode(), "replacement characters"),
    "long.txt": (b"A" * 10_485_760, "too large: 10,485,760 bytes; an article has at most 1,000,000 characters"),
    "longish.txt": (HANT.encode() * (MAX_TEXT // len(HANT) + 1), "too large: 1,000,0"),
    "english.txt": (b"The company said on Tuesday that it would invest ten billion dollars.", "Latin script"),
    "japanese.txt": ("同社は火曜日、新たな投資計画を発表したと明らかにした。".encode(), "Japanese (kana)"),
    "digits.txt": (b"12 345 67", "no words"),
    "empty.html": (b"<html><head><title>x</title></head><body></body></html>", "HTML without a body of text"),
    "nothing.html": (b"", "HTML without a body of text"),
    "script.html": (b"<html><body><script>var a = 1</script></body></html>", "HTML without a body of text"),
    "row.jsonl": (b"{broken", "not JSON: "),
    "text.jsonl": (b'{"id": "a", "text": 5}', "text is int, not text"),
    "none.jsonl": (b'{"id": "a"}', "empty"),
    "deep.jsonl": (b"[" * 100_000, "not JSON: "),
    "date.jsonl": (json.dumps({"text": HANT, "published": "yesterday"}).encode(), "published 'yesterday' is no date"),
    "place.jsonl": (json.dumps({"text": HANT, "region": "Taiwan"}).encode(), "region 'Taiwan' is no country code"),
    "torn.jsonl.gz": (gzip.compress(json.dumps({"text": HANT}).encode() * 2000)[:-40], "the gzip stream is broken"),
    "plain.jsonl.gz": (b'{"text": "x"}', "the gzip stream is broken"),
    "sitemap.xml": (
        b"<?xml version='1.0'?><urlset><url><loc>https://x.tw</loc></url></urlset>",
        "not an RSS or Atom feed",
    ),
    "bomb.xml": (b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aaaa">]><rss>&a;</rss>', "XML entities"),
    "no.warc": (b"this is no archive", "the archive is broken"),
    "no.warc.gz": (b"this is no archive", "the archive is broken"),
    "empty.warc": (b"", "not a web archive"),
}


@pytest.mark.parametrize("name", BAD)
def test_it_is_rejected_with_its_reason_and_the_next_file_goes_on(tmp_path: Path, name: str) -> None:
    raw, reason = BAD[name]
    (tmp_path / name).write_bytes(raw)
    (tmp_path / "zz_good.txt").write_text(HANT, encoding="utf-8")
    items = list(take_in(find_files([str(tmp_path)])))
    rejected, good = [item for item in items if isinstance(item, Rejected)], items[-1]
    assert isinstance(good, Article)
    assert good.id == "zz_good"
    assert len(rejected) == 1
    assert reason in rejected[0].reason
    assert rejected[0].where.startswith(str(tmp_path / name))
    assert "\n" not in str(rejected[0])
    assert raw.startswith(rejected[0].raw) or rejected[0].raw == raw[: MAX_RAW + 1]


def test_a_row_longer_than_any_article_is_skipped_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    with path.open("wb") as stream:
        stream.write(b'{"text": "' + b"x" * (2 * MAX_RAW) + b'"}\n' + json.dumps({"id": "next", "text": HANT}).encode())
    long, after = take_in(find_files([str(path)]))
    assert isinstance(long, Rejected)
    assert str(long).startswith(f"{path}:1: too large: more than")
    assert isinstance(after, Article)
    assert after.id == "next"


def test_broken_meta_rejects_its_article_only(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(HANT, encoding="utf-8")
    (tmp_path / "a.meta.json").write_text("{", encoding="utf-8")
    (tmp_path / "b.txt").write_text(HANT, encoding="utf-8")
    bad, good = take_in(find_files([str(tmp_path)]))
    assert isinstance(bad, Rejected)
    assert bad.where.endswith("a.meta.json")
    assert isinstance(good, Article)


def test_a_file_that_vanishes_is_rejected(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(HANT, encoding="utf-8")
    files = find_files([str(path)])
    path.unlink()
    (item,) = take_in(files)
    assert isinstance(item, Rejected)
    assert "cannot be read: No such file" in item.reason


def fake_extract(article: Article, *_: object) -> Extraction:
    if "壞" in article.text:
        raise ValueError("no such luck")
    return Extraction(article.id, article.language or "", article.region, article.published)


def test_extract_prints_a_line_for_each_and_ends_with_1(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("extractors.pipeline.extract", fake_extract)
    for name in ("english.txt", "row.jsonl", "empty.html"):
        (tmp_path / name).write_bytes(BAD[name][0])
    (tmp_path / "bad.txt").write_text(HANT + "壞", encoding="utf-8")
    (tmp_path / "good.txt").write_text(HANT, encoding="utf-8")
    assert run("extract", str(tmp_path), "--format", "jsonl") == 1
    out, err = capfd.readouterr()
    assert [json.loads(line)["id"] for line in out.splitlines()] == ["good"]
    lines = err.splitlines()
    assert len(lines) == 4
    assert "bad: not extracted: ValueError: no such luck" in lines
    assert any(line.startswith(f"{tmp_path / 'row.jsonl'}:1: not JSON: ") for line in lines)


@pytest.mark.parametrize(
    "arguments",
    [
        ["extract", "no/such/file.txt"],
        ["extract", "pyproject.toml"],
        ["extract", "x.gold.json"],
        ["extract", "cna"],
        ["extract", "-", "--language", "en"],
        ["extract", "-", "--format", "xml"],
        ["extract", "-", "--workers", "0"],
        ["run", "no/such/file.txt"],
        ["events", "--store", "sqlite:///no-such-store.db"],
        ["show", "abc", "--store", "sqlite:///no-such-store.db"],
        ["export", "out", "--store", "mysql://host/name"],
        ["decide", "same", "abc", "--store", "sqlite:///no-such-store.db"],
        ["parse"],
        ["parse", "一", "--language", "en"],
        ["parse", "一", "--reference", "someday"],
        ["parse", "--jsonl", "no/such/file.jsonl"],
        ["nonsense"],
    ],
)
def test_wrong_usage_is_one_line_and_2(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("pyproject.toml", "x.gold.json"):
        (tmp_path / name).write_text("{}", encoding="utf-8")
    assert run(*arguments) == 2
    out, err = capfd.readouterr()
    assert out == ""
    assert "Traceback" not in err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["pyproject.toml", "x.gold.json"]


def test_a_server_that_does_not_answer_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
    assert run("run", "samples") == 2
    assert capfd.readouterr().err.startswith("dealwire: no Prefect server answers at http://127.0.0.1:9/api: ")
    assert list(tmp_path.iterdir()) == []


def test_a_wrong_table_is_no_articles_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(article: Article, *_: object) -> Extraction:
        raise CorpusError("corpus/deals/loan.toml: roles: field required")

    monkeypatch.setattr("extractors.pipeline.extract", broken)
    with Workers(1) as workers, pytest.raises(CorpusError):
        list(workers.extract([Reading(Article("a", HANT))]))


def test_a_failure_keeps_its_article(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("extractors.pipeline.extract", fake_extract)
    with Workers(1) as workers:
        outcomes = list(workers.extract([Reading(Article("a", "壞")), Reading(Article("b", HANT))]))
    assert outcomes[0][1] == Failure(Article("a", "壞"), "ValueError: no such luck")
    assert isinstance(outcomes[1][1], Extraction)


def test_nothing_to_read_is_wrong_usage(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    with pytest.raises(Exception, match="nothing to read"):
        cli_extract.extract([], "table", Defaults(), 1)
