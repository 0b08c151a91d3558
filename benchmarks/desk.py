"""How fast the desk answers on a large store, with several clients at once on loopback; bounded in requests and in time.

    python benchmarks/desk.py [--claims 240000] [--clients 8] [--requests 400] [--seconds 120] [--store URL]

Claims are those of `benchmarks/store.py` (240,000 of them tell some 100,000 events); with --store an existing store is used.
Each client asks for one page after the other, drawn from all views with changing filters. Printed for every view: how many
answers, the median and the 95th percentile in milliseconds; then the processor time of the server for one answer (which tells
more than the clock where others use the machine) and its memory.
"""

from __future__ import annotations

import argparse
import http.client
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from pathlib import Path
from urllib.parse import quote

from store import articles, night

from models.desk_queries import last_change
from models.store import Store

CHUNK = 100_000
TYPES = ("purchase", "investment", "acquisition", "loan")


def fill(url: str, claims: int) -> None:
    """Make the store."""
    start = time.perf_counter()
    with Store.open(url) as store:
        told = day = 0
        while told < claims:
            size = min(CHUNK, claims - told)
            night(store, day, list(articles(told, size, claims)))
            told, day = told + size, day + 1
        print(f"{claims:,} claims, {last_change(store)[0]:,} changes, made in {time.perf_counter() - start:.0f} s", flush=True)


class Client(threading.Thread):
    """Asks for pages until its requests or its time are used up."""

    def __init__(self, port: int, seed: int, requests: int, until: float) -> None:
        super().__init__()
        self.port, self.choose, self.requests, self.until = port, random.Random(seed), requests, until
        self.took: dict[str, list[float]] = defaultdict(list)
        self.failed: list[str] = []
        self.events: list[str] = []
        self.companies: list[str] = []

    def run(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        for _ in range(self.requests):
            if time.monotonic() > self.until:
                break
            view, path = self.pick()
            start = time.perf_counter()
            connection.request("GET", path)
            answer = connection.getresponse()
            body = answer.read()
            self.took[view].append(1000 * (time.perf_counter() - start))
            if answer.status != 200:
                self.failed.append(f"{answer.status} {path}")
            if view == "events":
                self.events += re.findall(r"/event/\w+", body.decode())[:5]
                self.companies += re.findall(r'/company\?name=([^"]+)"', body.decode())[:5]
        connection.close()

    def pick(self) -> tuple[str, str]:
        """A view and an address of it."""
        choose = self.choose
        company = f"Company {int(5000 ** choose.random()) + 5000 * choose.randrange(2):06}"
        kind, day = choose.choice(TYPES), f"20{choose.randrange(20, 26)}-{choose.randrange(1, 13):02}"
        view = choose.choices(("events", "event", "company", "companies", "flow", "review", "runs"), (8, 6, 3, 1, 2, 2, 1))[0]
        match view:
            case "event" if self.events:
                return "event", choose.choice(self.events)
            case "company" if self.companies:
                return "company", f"/company?name={choose.choice(self.companies)}"
            case "companies":
                return "companies", f"/companies?page={choose.randrange(1, 50)}"
            case "flow":
                asked = choose.choice(("", f"type={kind}", f"party={quote(company)}", "companies=500"))
                return "flow", f"/flow?{asked}"
            case "review":
                return "review", f"/review/{choose.choice(('conflicts', 'pairs', 'unsure', 'decisions'))}"
            case "runs":
                return "runs", "/runs"
        asked = choose.choice((
            f"type={kind}&sort=-amount&page={choose.randrange(1, 200)}", f"party={quote(company)}", "",
            f"least={choose.randrange(1, 9)}bn", f"after={day}&sort=date", f"page={choose.randrange(1, 2000)}",
            f"source=source+{choose.randrange(200)}&status=agreed",
        ))  # fmt: skip
        return "events", f"/events?{asked}"


def memory_mb(pid: int) -> float:
    """The most that a process has held."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) / 1024 if found else float("nan")


def processor_seconds(pid: int) -> float:
    """The processor time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--claims", type=int, default=240_000)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--requests", type=int, default=400, help="of each client, at most")
    parser.add_argument("--seconds", type=int, default=120, help="at most")
    parser.add_argument("--store")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        url = options.store or f"sqlite:///{folder}/desk.db"
        if not options.store:
            fill(url, options.claims)
        command = [sys.executable, "-m", "flows.cli", "desk", "--store", url, "--port", "0"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
            try:
                line = server.stdout.readline() if server.stdout else ""
                found = re.search(r"http://127\.0\.0\.1:(\d+)/", line)
                assert found, line
                load(int(found[1]), server.pid, options)
            finally:
                server.terminate()


def load(port: int, pid: int, options: argparse.Namespace) -> None:
    """Ask, and print how long the answers took."""
    start = time.perf_counter()
    first = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    first.request("GET", "/events")
    page = first.getresponse().read().decode()
    shown = re.search(r"<strong>([\d,]+) events", page)
    print(f"{shown[1] if shown else '?'} events; first page after {time.perf_counter() - start:.1f} s", flush=True)
    until = time.monotonic() + options.seconds
    clients = [Client(port, seed, options.requests, until) for seed in range(options.clients)]
    start, spent = time.perf_counter(), processor_seconds(pid)
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    wall, spent = time.perf_counter() - start, processor_seconds(pid) - spent
    took: dict[str, list[float]] = defaultdict(list)
    for client in clients:
        for view, times in client.took.items():
            took[view] += times
    everything = sorted(time for times in took.values() for time in times)
    for view, times in [*sorted(took.items()), ("all", everything)]:
        late = sorted(times)[int(0.95 * (len(times) - 1))]
        print(f"{view:<10} {len(times):6} answers   median {statistics.median(times):7.1f} ms   95 % within {late:7.1f} ms")
    failed = [one for client in clients for one in client.failed]
    print(f"{len(everything) / wall:.0f} answers a second, {len(failed)} failed {failed[:3]}")
    print(f"server {1000 * spent / len(everything):.1f} ms of processor time an answer, {memory_mb(pid):.0f} MB at most")


if __name__ == "__main__":
    main(sys.argv[1:])
