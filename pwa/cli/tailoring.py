"""`rekindle ideas`: what is understood of a text and which ideas fit, without an account or a database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from pwa import content
from pwa.cli import reading
from pwa.domain.errors import Invalid
from pwa.domain.ideas import Idea
from pwa.domain.limits import Limits
from pwa.domain.ranking import Wants, rank
from pwa.domain.reasons import reason
from pwa.domain.seasons import season
from pwa.domain.tailoring import Portrait, PutRight, bounds, portray
from pwa.domain.understanding import Understanding, understand

MOST = 10
# Of a line's `parent`: it tells "he" in the words from the other parent.
MOTHERS = {"mom": True, "mum": True, "dad": False}
FIELDS = ("max_mobility", "max_cost", "max_minutes", "need", "mostly_remote", "avoid")
NUMBERS, SETS = FIELDS[:3], ("need", "avoid")


@dataclass(frozen=True)
class Asked:
    """One text. `confirmed`: limits that were given as such, or None when there were none; `mother`: None where untold."""

    text: str
    chips: tuple[str, ...] = ()
    confirmed: Limits | None = None
    on: date | None = None
    mother: bool | None = None


@dataclass(frozen=True)
class Request:
    """The command's words, as they were typed."""

    text: str | None
    on: str | None
    chips: list[str]
    limits: str | None
    most: int
    lines: str | None
    catalogue: bool


def print_answers(request: Request) -> None:
    """JSON, a line each; what cannot be meant ends the command with a sentence."""
    with reading.refusing(request.lines):
        for answered in _answers(request, datetime.now(UTC).date()):
            reading.print_json(answered)


def _answers(request: Request, today: date) -> Iterator[object]:
    if request.catalogue:
        yield catalogue()
    elif request.lines is not None:
        yield from reading.answers(request.lines, lambda row: answer(read(row), today, request.most))
    elif request.text is not None:
        limits = None if request.limits is None else reading.json_in(request.limits, "--limits")
        text = reading.typed(request.text)
        asked = read({"text": text, "on": request.on, "chips": request.chips, "limits": limits})
        yield answer(asked, today, request.most)
    else:
        raise Invalid("Give a text, - for standard input, --lines FILE or --catalogue.")


def catalogue() -> list[dict[str, Any]]:
    return [_idea(idea) for idea in content.catalogue().ideas.values()]


def answer(asked: Asked, today: date, most: int = MOST) -> dict[str, Any]:
    """What is understood, and the ideas, best first: the JSON of the command."""
    understanding = understand(asked.text, content.knowledge(), asked.chips, mother=asked.mother)
    limits = understanding.limits if asked.confirmed is None else _confirmed(understanding.limits, asked.confirmed)
    portrait = _portrait(asked, understanding, limits)
    wants = replace(_wants(portrait, asked.on or today), dad=asked.mother is False)
    choices = rank(content.catalogue().ideas.values(), wants, most)
    without = {key: flag.without for key, flag in content.flags().items()}
    return {
        "understood": {
            "interests": list(portrait.weights),
            "disliked": sorted(portrait.disliked),
            "limits": _written(limits),
            "unrecognised": list(understanding.unrecognised),
        },
        "ideas": [
            {
                "id": choice.idea.key,
                "title": choice.idea.title,
                "why": reason(choice, portrait.words, limits, without).sentence(),
                "score": choice.score,
            }
            for choice in choices
        ],
    }


def _portrait(asked: Asked, understanding: Understanding, limits: Limits) -> Portrait:
    """With chips and limits both given, the person has looked: then the words only tip the scales."""
    interests = [each.interest for each in understanding.interests]
    right = PutRight()
    held = bounds(limits, "", right.answers, interests, content.interests().active())
    if asked.confirmed is not None:  # nothing is assumed beside what was confirmed
        held = replace(held, limits=held.told)
    settled = bool(asked.chips) and asked.confirmed is not None
    return portray(understanding, asked.chips, right, held, settled=settled)


def _wants(portrait: Portrait, on: date) -> Wants:
    return Wants(
        on=on,
        interests=portrait.weights,
        related=portrait.related,
        disliked=portrait.disliked,
        limits=portrait.bounds.limits,
        season=season(on, content.latitude("")),
        gently=True,
        for_anyone=content.interests().for_anyone(),
    )


def read(row: Mapping[str, Any]) -> Asked:
    """Raises Invalid for what cannot be meant."""
    limits = row.get("limits")
    return Asked(
        reading.text_in(row),
        _chips(row.get("chips") or ()),
        None if limits is None else limits_in(limits),
        _day(row.get("on")),
        MOTHERS.get(str(row.get("parent"))),
    )


def limits_in(said: object) -> Limits:
    """Limits as JSON writes them: see the taxonomy's constraints."""
    if not isinstance(said, dict) or not set(said) <= set(FIELDS):
        raise Invalid(f"Limits are an object with some of {', '.join(FIELDS)}.", "limits")
    sets = {name: frozenset(said.get(name) or ()) for name in SETS}
    known = {"need": {"remote", "home", "out"}, "avoid": set(content.flags())}
    for name, values in sets.items():
        if not values <= known[name]:
            raise Invalid(f"“{name}” holds what is not known: {', '.join(sorted(values - known[name]))}.", name)
    for name in NUMBERS:
        value = said.get(name)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < 0):
            raise Invalid(f"“{name}” is a whole number from 0 up.", name)
    mobility, cost, minutes = (said.get(name) for name in NUMBERS)
    return Limits(mobility, cost, minutes, sets["need"], bool(said.get("mostly_remote")), sets["avoid"])


def _chips(said: object) -> tuple[str, ...]:
    chips = tuple(said) if isinstance(said, list | tuple) else (said,)
    unknown = [str(chip) for chip in chips if chip not in content.interests().by_key]
    if unknown:
        raise Invalid(f"There is no such interest: {', '.join(unknown)}.", "chips")
    return tuple(str(chip) for chip in chips)


def _day(said: object) -> date | None:
    if said is None:
        return None
    try:
        return date.fromisoformat(str(said))
    except ValueError as fault:
        raise Invalid("“on” is a date such as 2026-03-01.", "on") from fault


def _confirmed(told: Limits, confirmed: Limits) -> Limits:
    """What was confirmed replaces what the words said of the same; flags to avoid add up."""
    said = {
        name: value
        for name, value in asdict(confirmed).items()
        if value is not None and value != frozenset() and value is not False
    }
    avoid = told.avoid | confirmed.avoid
    return replace(told, **{**said, "avoid": avoid})


def _written(limits: Limits) -> dict[str, Any]:
    said = {name: getattr(limits, name) for name in FIELDS}
    plain = {name: sorted(value) if isinstance(value, frozenset) else value for name, value in said.items()}
    return {name: value for name, value in plain.items() if value is not None and value != [] and value is not False}


def _idea(idea: Idea) -> dict[str, Any]:
    return {
        "id": idea.key,
        "title": idea.title,
        "tags": list(idea.tags),
        "settings": sorted(idea.settings),
        "cost": idea.cost,
        "minutes": idea.minutes,
        "mobility": idea.mobility,
        "season": sorted(idea.season) or "any",
        "place": idea.place,
        "flags": sorted(idea.flags),
    }
