"""Every sender on the same stage, round by round, and what they come to. `python -m bench.push [--rounds 5] [--json]`.

Counts are exact: a round in which one message is missing, or a sample cannot be read, ends it all with an error.
"""

from __future__ import annotations

import argparse
import itertools
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.push import stage
from bench.push.stage import Stage
from tests.support.databases import PostgresqlServer, postgresql_server

HERE = Path(__file__).parent
LATENCIES = (0.0, 0.05)
Rates = dict[tuple[str, float], list[float]]


@dataclass(frozen=True)
class Runner:
    """`count` messages a round. `at_latency`: so many where each takes that long."""

    name: str
    command: tuple[str, ...]
    count: int
    processes: int = 1
    at_latency: int | None = None
    stage: str = "clean"
    database: str = ""


def python(module: str) -> tuple[str, ...]:
    return sys.executable, "-m", f"bench.push.{module}"


OURS = Runner("sending", python("ours"), 6_000)
RUNNERS = (
    OURS,
    Runner("sending, two processes", python("ours"), 6_000, processes=2),
    Runner("sending, a tenth faulty", python("ours"), 6_000, stage="faulty"),
    Runner("whole dispatch", python("whole"), 6_000, database="sqlite"),
    Runner("whole dispatch, PostgreSQL", python("whole"), 6_000, database="postgresql"),
    Runner("whole dispatch, PostgreSQL, two workers", python("whole"), 6_000, processes=2, database="postgresql"),
    Runner("pywebpush, async call", python("asynchronous"), 2_000),
    Runner("Node web-push", ("node", str(HERE / "peer.mjs")), 1_500),
    Runner("pywebpush, plain loop", python("plain"), 60, at_latency=30),
)
RATIOS = (
    ("whole dispatch", "pywebpush, async call", 0.0, 0.0, 1.5, 2.2),
    ("whole dispatch", "Node web-push", 0.0, 0.0, 2.5, 4.0),
    ("sending", "pywebpush, async call", 0.0, 0.0, 2.0, 3.0),
    ("sending", "Node web-push", 0.0, 0.0, 3.5, 5.0),
    ("sending", "pywebpush, plain loop", 0.0, 0.0, 50.0, 100.0),
    ("sending", "sending", 0.05, 0.0, 0.6, 0.8),
    ("sending, a tenth faulty", "sending", 0.0, 0.0, 0.6, 0.8),
    ("sending, two processes", "sending", 0.0, 0.0, 1.3, 1.5),
    ("whole dispatch, PostgreSQL, two workers", "whole dispatch, PostgreSQL", 0.0, 0.0, 1.3, 1.5),
)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", action="store_true", help="figures as JSON")
    given = parser.parse_args(arguments)
    for tool in ("node", "npm"):
        if shutil.which(tool) is None:
            sys.exit(f"{tool} is not here; the comparison with Node's web-push needs it.")
    subprocess.run(["npm", "ci", "--silent", "--no-audit", "--no-fund"], cwd=HERE, check=True)  # noqa: S607 found above
    rates, megabytes = measure(given.rounds, lambda line: print(line, file=sys.stderr, flush=True))
    print(json.dumps(_as_json(rates, megabytes)) if given.json else "\n".join(_as_table(rates, megabytes)))


def measure(rounds: int, say: Callable[[str], None]) -> tuple[Rates, dict[str, float]]:
    """Messages a second of each runner at each latency, once a round; and the most memory each has taken, in megabytes."""
    rates: Rates = defaultdict(list)
    megabytes: dict[str, float] = defaultdict(float)
    with postgresql_server() as server:
        for turn, latency in itertools.product(range(rounds), LATENCIES):
            with tempfile.TemporaryDirectory() as folder, stage.set_up(Path(folder), 1_000, latency) as set_up:
                set_up.write("clean", set_up.devices)
                set_up.write("faulty", stage.faulty(set_up.devices))
                for runner in RUNNERS:
                    rate, most = _run(runner, set_up, latency, server)
                    rates[runner.name, latency].append(rate)
                    megabytes[runner.name] = max(most, megabytes[runner.name])
                    say(f"round {turn + 1}, {latency * 1000:.0f} ms: {runner.name}: {rate:.0f}/s")
    return rates, megabytes


def _run(runner: Runner, on: Stage, latency: float, server: PostgresqlServer) -> tuple[float, float]:
    count = runner.at_latency if runner.at_latency and latency else runner.count
    file = on.folder / f"{runner.stage}.json"
    share = [str(file), str(count // runner.processes)]
    if runner.database:
        url = _database(runner.database, on.folder, server)
        subprocess.run([*runner.command, "make", str(file), url, str(count)], check=True)
        share = ["run", str(file), url]
    processes = [
        subprocess.Popen([*runner.command, *share], stdout=subprocess.PIPE, text=True) for _ in range(runner.processes)
    ]
    told = [json.loads(process.communicate()[0]) for process in processes]
    accepted = on.mail()
    wanted = sum(each["accepted"] for each in told)
    if accepted != wanted or (runner.stage == "clean" and wanted != count):
        sys.exit(f"{runner.name}: {count} messages, {wanted} said to be accepted, {accepted} accepted")
    return count / max(each["seconds"] for each in told), max(each["megabytes"] for each in told)


def _database(kind: str, folder: Path, server: PostgresqlServer) -> str:
    """The address of an empty one."""
    if kind == "sqlite":
        (folder / "bench.db").unlink(missing_ok=True)
        return f"sqlite:///{folder / 'bench.db'}"
    server.execute("DROP DATABASE IF EXISTS bench WITH (FORCE)")
    server.execute("CREATE DATABASE bench")
    return server.url("bench")


def _as_table(rates: Rates, megabytes: dict[str, float]) -> Iterator[str]:
    yield "| sender | at once answered | after 50 ms | MB at most |"
    yield "|---|---|---|---|"
    for runner in RUNNERS:
        low, high = (statistics.median(rates[runner.name, latency]) for latency in LATENCIES)
        yield f"| {runner.name} | {low:,.0f}/s | {high:,.0f}/s | {megabytes[runner.name]:.0f} |"
    yield ""
    yield "| ratio, median of the rounds (least … most) | measured | floor | target |"
    yield "|---|---|---|---|"
    for ours, theirs, over, under, floor, target in RATIOS:
        each = _ratios(rates, ours, theirs, over, under)
        name = f"{ours}{' at 50 ms' if over else ''} ÷ {theirs}{' at 0 ms' if over else ''}"
        figure = f"**{statistics.median(each):.2f}** ({min(each):.2f} … {max(each):.2f})"
        yield f"| {name} | {figure} | {floor:g} | {target:g} |"


def _as_json(rates: Rates, megabytes: dict[str, float]) -> dict[str, object]:
    return {
        "per_second": {f"{name} @ {latency * 1000:.0f} ms": each for (name, latency), each in rates.items()},
        "megabytes": megabytes,
        "ratios": {
            f"{ours}@{over} ÷ {theirs}@{under}": _ratios(rates, ours, theirs, over, under)
            for ours, theirs, over, under, _, _ in RATIOS
        },
    }


def _ratios(rates: Rates, ours: str, theirs: str, over: float, under: float) -> list[float]:
    return [one / other for one, other in zip(rates[ours, over], rates[theirs, under], strict=True)]


if __name__ == "__main__":
    main()
