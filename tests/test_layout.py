"""The shape of the repository: names that cannot shadow others, rooms that import one way only, nothing of one machine in it."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("flows", "desk", "extractors", "models", "corpus")
MAX_CODE_LINES = 800
MAX_TABLE_BYTES = 2_000_000
BINARY = {".onnx", ".gz", ".zip", ".png", ".db", ".parquet"}

# Where packages come from and where a checkout lies are matters of each machine. The patterns are put together from parts,
# so that this file does not match itself.
MACHINE = re.compile(
    "|".join(
        ["index" + "-url", "--find" + "-links", "file:" + "//", "pypi" + r"\.org", r"/simple" + "/", r"registry\." + "npmjs"]
        + [rf"(?<![\w./:-])/{top}/[\w.]" for top in ("home", "Users", "root", "opt", "mnt", "work")]
    )
)


def tracked() -> list[Path]:
    """Every file that is, or with the next commit would be, in the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"], cwd=ROOT, capture_output=True, check=False
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [path for name in listed.stdout.decode().split("\0") if name and (path := ROOT / name).is_file()]


def modules() -> list[Path]:
    return [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]


def test_no_module_is_called_like_a_package_or_the_standard_library() -> None:
    """Prefect's path entrypoints put `flows/` first on the path: a `flows/models.py` would then shadow `models`."""
    taken = {*PACKAGES} | sys.stdlib_module_names
    allowed = {"__init__", "__main__"}
    assert [str(path.relative_to(ROOT)) for path in modules() if path.stem in taken - allowed] == []


def test_nobody_else_owns_our_package_names() -> None:
    owners = metadata.packages_distributions()
    assert {name: set(owners.get(name, ())) - {"dealwire"} for name in PACKAGES} == {name: set() for name in PACKAGES}


def test_modules_are_small_enough_to_read() -> None:
    long = {str(p.relative_to(ROOT)): n for p in modules() if (n := len(p.read_text("utf-8").splitlines())) > MAX_CODE_LINES}
    assert long == {}


def test_tables_are_small_enough_to_review() -> None:
    folder = ROOT / "corpus"
    large = {
        str(path.relative_to(ROOT)): path.stat().st_size
        for path in tracked()
        if path.is_relative_to(folder) and "checkpoints" not in path.parts and path.stat().st_size > MAX_TABLE_BYTES
    }
    assert large == {}


def test_nothing_names_a_registry_or_a_path_of_one_machine() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {match[0]}"
        for path in tracked()
        if path.suffix not in BINARY
        for number, line in enumerate(path.read_text("utf-8", errors="replace").splitlines(), 1)
        if (match := MACHINE.search(line))
    ]
    assert found == []


@pytest.mark.parametrize("line", ["pip install --index" + "-url https://x", "see /ho" + "me/me/notes", "cd /wo" + "rk/here"])
def test_the_machine_pattern_finds_what_it_is_for(line: str) -> None:
    assert MACHINE.search(line)


@pytest.mark.parametrize(
    "line", ["https://example.com/ro" + "ot/x", "a/ho" + "me/b", "extractors/wo" + "rk/x.py", "and/or", "1/o" + "pt/2"]
)
def test_the_machine_pattern_leaves_the_rest(line: str) -> None:
    assert not MACHINE.search(line)


def test_every_room_is_typed() -> None:
    assert [package for package in PACKAGES if not (ROOT / package / "py.typed").is_file()] == []


def test_the_import_contract_holds() -> None:
    run = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()", "--no-logo"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout + run.stderr


def test_the_lock_pins_every_direct_dependency_and_nothing_by_address() -> None:
    lines = [line for line in (ROOT / "requirements.lock").read_text("utf-8").splitlines() if line and not line.startswith("#")]
    assert [line for line in lines if not re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!]+", line)] == []
    pinned = {_canonical(line.split("==")[0]) for line in lines}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    asked = [
        *project["project"]["dependencies"],
        *project["project"]["optional-dependencies"]["postgres"],
        *project["dependency-groups"]["dev"],
        *project["build-system"]["requires"],
    ]
    assert {_canonical(re.split(r"[\s\[<>=!~;]", name)[0]) for name in asked} - pinned == set()
    assert "torch" not in pinned, "training only; inference must not need it"


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
