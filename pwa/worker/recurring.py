"""The table of recurring work. Each entry may run twice, or late, and does no harm."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from huey import crontab

from pwa.services import folding, rereading, tidying


@dataclass(frozen=True)
class Recurring:
    """`when` says for a minute whether it is time."""

    name: str
    when: Callable[[datetime], bool]
    run: Callable[[datetime], None]


TABLE = (
    Recurring("forget_old_ops", crontab(minute="17"), tidying.forget_old_ops),
    Recurring("fold_old_nudges", crontab(minute="37"), folding.fold),
    Recurring("reread_calendars", crontab(minute="*/10"), rereading.reread),
)
