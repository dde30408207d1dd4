"""Rooms: what every page of somebody needs to be drawn in the right room, by the right fire."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import abort, render_template
from werkzeug.wrappers import Response

from pwa import content
from pwa.content import NextThingText
from pwa.domain.next_thing import NextThing
from pwa.domain.steps import StepState
from pwa.services import surveying
from pwa.services.surveying import Survey
from pwa.storage.parents import Parent
from pwa.web import access, phrases

ORDINALS = ("Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth", "Tenth")
SPOTS = {"roses": "tearose", "radio": "fish", "reel": "reel", "teapot": "pot", "books": "album"}


@dataclass(frozen=True)
class Hearth:
    """The fire and its words for each state that a tick may bring: what is seen, and what is said when it is new."""

    fire: int
    banked: bool
    sentences: tuple[str, ...]
    added: tuple[str, ...]


@dataclass(frozen=True)
class Card:
    """The next thing and its words."""

    thing: NextThing
    card: NextThingText


def look(parent: Parent | None = None) -> Survey:
    """The room of `parent`, else of the one this browser shows; 404 for somebody who has none yet."""
    parent = parent or access.current_parent()
    if parent is None:
        abort(404)
    return surveying.look(access.account(), parent, access.now())


def page(template: str, survey: Survey | None = None, status: int = 200, **words: Any) -> tuple[str, int]:
    """The page as somebody sees it: in their colours, and where there is a survey, in that parent's room."""
    known = access.current_session()
    words.setdefault("theme", known.account.theme if known else "")
    if survey is not None:
        words = {"survey": survey, "person": survey.person, **_room(survey), **words}
    return render_template(template, **words), status


def private(answer: tuple[str, int]) -> Response:
    """The same, never kept by the browser: it holds what somebody wrote."""
    body, status = answer
    response = Response(body, status, mimetype="text/html")
    response.headers["Cache-Control"] = "private, no-store"
    return response


def hearth_of(survey: Survey) -> Hearth:
    progress = survey.progress
    fires = range(len(progress.states) + 1)
    lowest = min(fire for fire in fires if not progress.banked or fire >= 2)
    said = [content.hearth_sentences(max(fire, lowest), progress.banked) for fire in fires]
    sentences, added = tuple(each.sentence for each in said), tuple(each.added or "" for each in said)
    return Hearth(progress.fire, progress.banked, sentences, added)


def heading_of(survey: Survey) -> str:
    number = survey.round.number
    if number == 1:
        return "Five steps to a fire"
    said = ORDINALS[number - 2] if number - 2 < len(ORDINALS) else f"Round {number}"
    return f"{said} round, lighter" if said in ORDINALS else f"{said}, lighter"


def card(survey: Survey, thing: NextThing) -> Card:
    return Card(thing, content.next_thing_text(thing.key, survey.round.number, thing.days))


def line_of(survey: Survey, state: StepState) -> str:
    """The line under a step's title: when it was done, or the picture it adds to the fire."""
    if state.skipped:
        return "Still true. Skipped this round"
    if state.done_at is not None:
        return phrases.ago(state.done_at, survey.zone, survey.today)
    return state.step.image


def _room(survey: Survey) -> dict[str, Any]:
    progress = survey.progress
    return {"fire": progress.fire, "banked": progress.banked, "room": survey.parent.room}
