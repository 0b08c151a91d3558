"""Kill -9 at random moments of a run, then the run again: is the store that of an undisturbed one?

    python -m benchmarks.crashes [--items 5000] [--kills 20] [--store sqlite|postgresql] INPUT...

Every moment has a store of its own. PostgreSQL is a server of the script's, where it is installed. Moments are uniform over the
time that the undisturbed run took; one that comes too late counts as no kill and is drawn again.
"""

from __future__ import annotations

import argparse
import itertools
import json
import multiprocessing
import random
import signal
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path

from flows.intake import find_files, take_in
from models.article import Article
from tests.night import night, state
from tests.postgres import new_database, postgres_server


def first_items(inputs: list[str], count: int, folder: Path) -> Path:
    """The first rows of JSONL inputs as one file."""
    target = folder / "items.jsonl"
    items = take_in(find_files(inputs))
    rows = (json.dumps(asdict(item), ensure_ascii=False) for item in items if isinstance(item, Article))
    target.write_text("\n".join(itertools.islice(rows, count)), encoding="utf-8")
    return target


def main(arguments: list[str]) -> int:
    """0 when every store is as it should be."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("inputs", nargs="+")
    parser.add_argument("--items", type=int, default=5000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--store", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    choose = random.Random(options.seed)
    fork = multiprocessing.get_context("fork")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="dealwire-crashes-")))
        server = stack.enter_context(postgres_server()) if options.store == "postgresql" else None
        items = [str(first_items(options.inputs, options.items, folder))]
        numbers = itertools.count()

        def store() -> tuple[str, Path]:
            place = folder / str(next(numbers))
            place.mkdir()
            return (new_database(server) if server else f"sqlite:///{place}/deals.db"), place / "out"

        def begin(url: str, out: Path) -> multiprocessing.process.BaseProcess:
            process = fork.Process(target=night, args=(url, out, items))
            process.start()
            return process

        url, out = store()
        start = time.monotonic()
        begin(url, out).join()
        took = time.monotonic() - start
        expected = state(url, out)
        counts = ", ".join(f"{len(expected[name])} {name}s" for name in ("document", "claim", "event_version", "quarantine"))
        print(f"{options.store}: undisturbed {took:.1f} s, {counts}", flush=True)
        killed = wrong = 0
        while killed < options.kills:
            url, out = store()
            moment = choose.uniform(0, took)
            process = begin(url, out)
            process.join(moment)
            if process.exitcode is not None:
                continue
            process.kill()
            process.join()
            assert process.exitcode == -signal.SIGKILL
            killed += 1
            begin(url, out).join()
            held = state(url, out)
            differs = [name for name in expected if held[name] != expected[name]]
            wrong += bool(differs)
            print(f"killed after {moment:6.2f} s: {'differs in ' + ', '.join(differs) if differs else 'equal'}", flush=True)
        print(f"{options.store}: {killed} kills, {killed - wrong} stores equal, {wrong} not", flush=True)
        return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
