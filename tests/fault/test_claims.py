"""Eight processes that claim at the same time: every nudge is given to one of them, and to one alone.

`REKINDLE_CLAIMS` says how many nudges there are (default 20,000; `make chaos` takes 100,000).
"""

from __future__ import annotations

import os
import time
from collections import Counter
from pathlib import Path

import pytest

from pwa.app import create_app
from pwa.push import vapid
from pwa.settings import load
from pwa.storage.database import db
from tests.support.claimants import ABANDONED, claim_all, make_due

COUNT = int(os.environ.get("REKINDLE_CLAIMS", "20000"))
PROCESSES = 8

pytestmark = pytest.mark.timeout(600)


def test_eight_workers_never_claim_the_same_nudge(tmp_path: Path, database: str) -> None:
    environment = {
        "REKINDLE_INSTANCE": str(tmp_path),
        "REKINDLE_DATABASE_URL": database,
        "REKINDLE_SECRET_KEY": "not-a-secret",
        "REKINDLE_DATA_KEY": "A" * 43,
        "REKINDLE_VAPID_PRIVATE_KEY": vapid.generate(),
    }
    app = create_app(load(environment))
    make_due(app, COUNT)
    with app.app_context():
        db.engine.dispose()
    began = time.monotonic()
    by_process = claim_all(environment, PROCESSES, tmp_path)
    seconds = time.monotonic() - began
    claims = [claim for own in by_process for claim in own]
    print(f"{len(claims)} claims by {PROCESSES} processes in {seconds:.1f} s, {sorted(map(len, by_process))}")
    assert len({nudge_id for nudge_id, _ in claims}) == len(claims) == COUNT
    assert Counter(attempt for _, attempt in claims) == {1: COUNT - COUNT // ABANDONED, 2: COUNT // ABANDONED}
    assert sum(1 for own in by_process if own) > PROCESSES // 2, "they did not claim side by side"
