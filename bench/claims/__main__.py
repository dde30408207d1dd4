"""`python -m bench.claims`: what claiming and settling 500 nudges cost, by how many are scheduled.

The sizes take turns, so that what else the machine does falls on all of them alike; the ratios are of each turn. Each
batch is claimed and settled as a worker does it, in two transactions, and put back unmeasured. Two tables are told of:
in `ahead` 5,000 are due and all the others lie in the future; in `behind` every single one is due.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from flask import Flask

from bench.claims.stage import AHEAD, fill, inside, put_back
from pwa.storage import nudges
from pwa.storage.database import transaction
from tests.support.databases import postgresql_server

BATCH, BATCHES = 500, 2
LEASE = timedelta(minutes=2)
SIZES, HUGE = (10_000, 1_000_000), 10_000_000
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
SCENES = {"ahead": NOW, "behind": NOW + AHEAD}


@dataclass(frozen=True)
class Turn:
    """Milliseconds for one batch, and nudges a second for both together."""

    claim_ms: float
    settle_ms: float

    @property
    def rate(self) -> float:
        return 1_000 * BATCH / (self.claim_ms + self.settle_ms)


@dataclass(frozen=True)
class Row:
    """One line of the table. `ratio`: the rate beside that of the smallest table, in the same turn."""

    database: str
    scene: str
    rows: int
    claim_ms: float
    settle_ms: float
    per_second: int
    ratio: float
    ratio_from: float
    ratio_to: float


def main() -> None:
    told = _arguments()
    rows = [row for database in told.on for row in measure(database, told.sizes, told.rounds, told.folder)]
    if told.json:
        print(json.dumps([asdict(row) for row in rows], indent=2))
        return
    print(f"Claiming {BATCH} at a time, median of {told.rounds} turns of {BATCHES} batches; ratio: lowest … highest")
    for row in rows:
        print(
            f"  {row.database:<11}{row.scene:<8}{row.rows:>11,} rows: claim {row.claim_ms:6.1f} ms, settle "
            f"{row.settle_ms:6.1f} ms, {row.per_second:>7,}/s, ratio {row.ratio:.2f} "
            f"({row.ratio_from:.2f} … {row.ratio_to:.2f})"
        )


def measure(database: str, sizes: list[int], rounds: int, folder: Path | None) -> Iterator[Row]:
    with tables(database, sizes, folder) as apps:
        for scene, now in SCENES.items():
            turns: dict[int, list[Turn]] = defaultdict(list)
            for number in range(rounds + 1):
                for size in sizes if number % 2 else reversed(sizes):
                    turn = take_turn(apps[size], now)
                    if number:  # the first one only warms up
                        turns[size].append(turn)
            yield from (row(database, scene, size, turns[size], turns[min(sizes)]) for size in sizes)


def row(database: str, scene: str, size: int, turns: list[Turn], base: list[Turn]) -> Row:
    ratios = [each.rate / beside.rate for each, beside in zip(turns, base, strict=True)]
    return Row(
        database,
        scene,
        size,
        median(turn.claim_ms for turn in turns),
        median(turn.settle_ms for turn in turns),
        round(median(turn.rate for turn in turns)),
        median(ratios),
        min(ratios),
        max(ratios),
    )


def take_turn(app: Flask, now: datetime) -> Turn:
    """Some batches one after the other: the median of each part."""
    claiming, settling, taken = [], [], []
    with inside(app):
        for _ in range(BATCHES):
            began = time.perf_counter()
            with transaction():
                taken_up = nudges.claim(now, "bench", LEASE, BATCH)
            claimed = time.perf_counter()
            with transaction():
                held = nudges.still_held(taken_up)
                for nudge in held:
                    nudge.end(nudges.SENT, now)
                nudges.save_all(held)
            settling.append(time.perf_counter() - claimed)
            claiming.append(claimed - began)
            assert len(held) == BATCH, "not enough was due"
            taken += [nudge.id for nudge in held]
        put_back(taken)
    return Turn(1_000 * median(claiming), 1_000 * median(settling))


@contextmanager
def tables(database: str, sizes: list[int], folder: Path | None) -> Iterator[dict[int, Flask]]:
    with ExitStack() as stack:
        own = Path(tempfile.mkdtemp(prefix="rekindle-claims-", dir=folder))
        stack.callback(shutil.rmtree, own, ignore_errors=True)
        server = stack.enter_context(postgresql_server(folder)) if database == "postgresql" else None
        apps = {}
        for size in sizes:
            began = time.perf_counter()
            if server is None:
                url = f"sqlite:///{own / f'{size}.db'}"
            else:
                server.execute(f"CREATE DATABASE rows_{size}")
                url = server.url(f"rows_{size}")
            apps[size] = fill(url, own, size, NOW)
            print(f"{database}: {size:,} rows written in {time.perf_counter() - began:.0f} s", file=sys.stderr)
        yield apps


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.claims", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--rounds", type=int, default=15, help="turns of each size (default 15)")
    parser.add_argument("--huge", action="store_true", help="ten million rows too: minutes, and some 12 GB for a while")
    parser.add_argument("--rows", type=int, action="append", help="a size of your own, 6,000 at least; may be repeated")
    parser.add_argument("--on", choices=("sqlite", "postgresql"), action="append", help="one database alone")
    parser.add_argument("--folder", type=Path, help="where the databases may lie while it runs")
    told = parser.parse_args()
    told.sizes = told.rows or ([*SIZES, HUGE] if told.huge else list(SIZES))
    told.on = told.on or ["sqlite", "postgresql"]
    return told


if __name__ == "__main__":
    main()
