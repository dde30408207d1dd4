"""`rekindle nudges`: the ledger read out: how many nudges stand where, and whether the sums balance."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import click
from sqlalchemy.exc import SQLAlchemyError

from pwa.cli.migrating import bare_app
from pwa.domain.ledger import Place
from pwa.services import balancing
from pwa.services.balancing import UNACCOUNTED, Balance
from pwa.storage.database import db

if TYPE_CHECKING:
    from datetime import date

    from pwa.settings import Settings


def print_ledger(settings: Settings, since: date | None, *, as_json: bool) -> bool:
    """Whether the sums balance."""
    now = datetime.now(UTC)
    with bare_app(settings).app_context():
        try:
            found = balancing.balance(now, since)
        except SQLAlchemyError as fault:
            raise click.ClickException(
                f"The database does not answer as it should ({type(fault).__name__}); `rekindle doctor` says more."
            ) from fault
        finally:
            db.session.remove()
            db.engine.dispose()
    if as_json:
        click.echo(json.dumps(written(found, since, now), indent=2))
    else:
        click.echo("\n".join(told(found, since, now)))
    return found.balances


def written(found: Balance, since: date | None, now: datetime) -> dict[str, Any]:
    at = found.oldest_due_at
    return {
        "since": since.isoformat() if since else None,
        "planned": found.planned,
        "places": _all(found.places),
        "kinds": {kind: _all(counts) for kind, counts in sorted(found.kinds.items())},
        "days": {day.isoformat(): _all(counts) for day, counts in sorted(found.days.items())},
        "folded": found.folded,
        "leases_recovered": found.recovered,
        "oldest_due": {"at": at.isoformat(), "seconds": int((now - at).total_seconds())} if at else None,
        "unaccounted": found.unaccounted,
        "balances": found.balances,
    }


def told(found: Balance, since: date | None, now: datetime) -> Iterator[str]:
    yield f"{found.planned:,} nudges planned{f' since {since}' if since else ''}, of which {found.folded:,} are folded."
    kinds = {"in all": found.places, **{kind: found.kinds[kind] for kind in sorted(found.kinds)}}
    yield f"{'':<16}" + "".join(f"{place.replace('_', ' '):>11}" for place in Place)
    for name, counts in kinds.items():
        yield f"{name.replace('_', ' '):<16}" + "".join(f"{counts[place]:>11,}" for place in Place)
    if found.oldest_due_at is None:
        yield "Nothing is due."
    else:
        age = now - found.oldest_due_at
        yield f"The oldest that is due fell due at {found.oldest_due_at:%Y-%m-%d %H:%M:%S} UTC, {_age(age)} ago."
    yield f"Leases recovered from workers that died: {found.recovered:,}."
    if found.balances:
        yield "The sums balance."
    else:
        yield (
            f"The sums do not balance: {found.unaccounted:,} of {found.planned:,} stand nowhere, for their rows contradict "
            "themselves. They are kept as they are; please report it, with the output of --json."
        )


def _all(counts: Mapping[str, int]) -> dict[str, int]:
    """Every place, those with none too."""
    places: dict[str, int] = {place.value: counts[place] for place in Place}
    return places | ({UNACCOUNTED: counts[UNACCOUNTED]} if counts[UNACCOUNTED] else {})


def _age(age: timedelta) -> str:
    seconds = int(age.total_seconds())
    return f"{seconds:,} s" if seconds < 3_600 else f"{seconds / 3_600:,.1f} h"
