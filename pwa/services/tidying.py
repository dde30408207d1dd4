"""Tidying: what is kept only for a while goes, a little at a time and as often as one likes."""

from __future__ import annotations

from datetime import datetime, timedelta

from pwa.storage import database, heartbeats, ops

OPS_KEPT = timedelta(days=90)


def beat(worker: str, now: datetime) -> None:
    """This worker lives."""
    with database.transaction():
        heartbeats.save(worker, now)


def forget_old_ops(now: datetime) -> None:
    """After ninety days no device sends the same thing again."""
    with database.transaction():
        ops.forget(now - OPS_KEPT)
