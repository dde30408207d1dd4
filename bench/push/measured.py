"""What a sender is told, and what it tells of its own run."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


def read(file: str) -> dict[str, Any]:
    """The stage, as `stage.Stage.write` wrote it."""
    told: dict[str, Any] = json.loads(Path(file).read_text())
    return told


@contextmanager
def measured() -> Iterator[dict[str, float]]:
    """Prints one line of JSON at the end: seconds, processor seconds, megabytes at most, and what the block adds."""
    told: dict[str, float] = {}
    began, worked = time.perf_counter(), time.process_time()
    yield told
    told.setdefault("seconds", time.perf_counter() - began)
    told["processor_seconds"] = time.process_time() - worked
    told["megabytes"] = _most_memory() / 1_024
    print(json.dumps(told), flush=True)


def _most_memory() -> int:
    """Kilobytes. Not `ru_maxrss`, which begins with what the process that started this one had."""
    status = Path("/proc/self/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:")))
