"""The version of the extractor changes with what it reads by, and with nothing else."""

from __future__ import annotations

from pathlib import Path

from extractors.version import digest


def test_a_changed_rule_or_table_is_another_version(tmp_path: Path) -> None:
    (tmp_path / "deals").mkdir()
    (tmp_path / "samples").mkdir()
    (tmp_path / "deals" / "loan.toml").write_text("words = []", encoding="utf-8")
    (tmp_path / "rules.py").write_bytes(b"A = 1\nB = 2\n")
    before = digest({"corpus": tmp_path})
    (tmp_path / "samples" / "new.toml").write_text("text", encoding="utf-8")
    (tmp_path / "rules.py").write_bytes(b"A = 1\r\nB = 2\r\n")
    assert digest({"corpus": tmp_path}) == before
    (tmp_path / "deals" / "loan.toml").write_text("words = [1]", encoding="utf-8")
    assert digest({"corpus": tmp_path}) != before
