"""Facts: what an idea asks, told in a word or two each, as they stand under its title."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint
from markupsafe import Markup, escape

from pwa.domain.ideas import Idea
from pwa.domain.parents import Person, speak
from pwa.domain.ranking import GENTLE, NEW
from pwa.domain.reasons import GENTLE_WORDS, Reason, merits

HOUR = 60
_SPANS = {
    30: "Half an hour",
    60: "An hour",
    75: "An hour and a bit",
    90: "An hour and a half",
    120: "Two hours",
    150: "Two hours and a half",
    180: "Three hours",
    240: "Half a day",
    480: "A day",
    1440: "A night away",
}
_COSTS = ("Free", "Costs little", "A meal out", "A treat")
_PLACES = {"remote": "At a distance", "home": "At {their} home", "out": "Out together"}
_GLYPHS = {"remote": "phone", "home": "house-line", "out": "footprints"}
_TIMES = {"morning": "Mornings are best", "afternoon": "Afternoons are best", "evening": "Evenings are best"}


@dataclass(frozen=True)
class Fact:
    glyph: str
    words: str


def init_blueprint(blueprint: Blueprint) -> None:
    blueprint.add_app_template_filter(because)


def of(idea: Idea, person: Person) -> list[Fact]:
    """How long, how dear, where or how; and the time of day where one is better."""
    place = next(each for each in _PLACES if each in idea.settings)
    found = [Fact("clock", _span(idea.minutes)), Fact("coins", _COSTS[idea.cost])]
    if idea.mobility == 0:
        found.append(Fact("armchair", "Sitting down"))
    found.append(Fact(_GLYPHS[place], speak(_PLACES[place], person)))
    if idea.best in _TIMES:
        found.append(Fact("sun-horizon", _TIMES[idea.best]))
    return found


def because(reason: Reason, person: Person) -> Markup:
    """The reason as a sentence; bold marks what the app knows."""
    if reason.kind == GENTLE:
        return escape(GENTLE_WORDS)
    kept = escape(speak(merits(reason.merits), person)) if reason.merits else ""
    if reason.known is None:
        return escape(f"{str(kept).capitalize()}.") if kept else Markup("")
    source = "you said" if reason.known.own else "you chose"
    said = Markup("<b>“{}”</b>").format(reason.known.said)
    opening = Markup("Slightly new, and close to what {}: {}") if reason.kind == NEW else Markup("Because {} {}")
    ending = Markup(", and {}.").format(kept) if kept else Markup(".")
    return opening.format(source, said) + ending


def _span(minutes: int) -> str:
    if minutes in _SPANS:
        return _SPANS[minutes]
    if minutes < HOUR:
        return f"{minutes} minutes"
    return f"{minutes // HOUR} hours"
