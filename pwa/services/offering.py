"""Offering: which three dates to propose for an idea, and what speaks against those that were picked. It only reads."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from pwa import content
from pwa.calendars import holidays
from pwa.domain import dates, proposing
from pwa.domain.ideas import Idea
from pwa.domain.proposing import LAST_DAY, Option, Span, Wishes
from pwa.domain.quiet import QuietHours
from pwa.domain.their_times import times_in
from pwa.storage import busy_calendars
from pwa.storage.accounts import Account
from pwa.storage.parents import Parent

# After so many times the first three come round again.
TURNS = 5
# Minutes on the way, by how far apart they are.
TRAVEL = {"same_home": 0, "same_town": 20, "hour_or_two": 90, "long_way": 180}


def propose(account: Account, parent: Parent, idea: Idea, now: datetime, turn: int = 0) -> tuple[Option, ...]:
    """Three dates; `turn`: how often others were asked for. Those come back only when there are no more."""
    wishes, seen = _wishes(account, parent, idea, now), frozenset[datetime]()
    made = proposing.propose(wishes, now)
    for _ in range(turn % TURNS):
        seen |= {option.starts_at for option in made}
        made = proposing.propose(replace(wishes, seen=seen), now)
    return made


def review(
    account: Account, parent: Parent, idea: Idea, spans: Sequence[tuple[datetime, datetime]], now: datetime
) -> list[str]:
    """What speaks against dates that were picked, in sentences. Raises Invalid for one that cannot be offered."""
    wishes = _wishes(account, parent, idea, now)
    return [said for span in spans for said in proposing.review(Span(*span), wishes, now)]


def _wishes(account: Account, parent: Parent, idea: Idea, now: datetime) -> Wishes:
    zone = dates.zone(account.zone)
    theirs = parent.zone or account.zone
    known = busy_calendars.of_account(account.id)
    today = dates.local_date(now, zone)
    country = content.country_of(theirs)
    return Wishes(
        zone=zone,
        their_zone=dates.zone(theirs),
        minutes=idea.minutes,
        best=idea.best,
        travel=0 if idea.settings == {"remote"} else TRAVEL.get(parent.distance, 0),
        outdoor=idea.place == "outdoor",
        latitude=content.latitude(theirs),
        bad_times=times_in(parent.bad_times),
        busy=[Span(*map(datetime.fromisoformat, pair)) for each in known for pair in json.loads(each.spans)],
        has_calendar=bool(known),
        holidays=holidays.between(country, today, dates.later_days(today, LAST_DAY + 2)) if country else {},
        quiet=QuietHours(account.quiet_from_hour, account.quiet_until_hour),
        seed=f"{parent.id} {idea.key} {today}",
    )
