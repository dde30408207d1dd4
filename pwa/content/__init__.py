"""The words of the product as data, and the functions that hand them out. No rule lives here.

Texts about a parent hold the placeholders of `pwa.domain.parents.speak` and are filled by the caller.
A file that cannot be used raises ContentError, which names the file and the field.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from pwa.content.catalogue import Catalogue, catalogue_of
from pwa.content.compiled import compiled as _compiled
from pwa.content.compiled import sources as _sources
from pwa.content.devices import Devices, devices_in
from pwa.content.drafts import drafts_in
from pwa.content.files import ContentError, read, words
from pwa.content.five_steps import steps_in
from pwa.content.flags import Flag, flags_in
from pwa.content.hearth import HearthSentences, hearth_in
from pwa.content.help import Help, HelpCountry, HelpLine, help_in
from pwa.content.ideas import rows_in
from pwa.content.interests import Group, Interest, Interests, interests_in
from pwa.content.knowledge import knowledge as _put_together
from pwa.content.longer_view import Chip, Perspective, Prompt, Reason, perspective_in
from pwa.content.next_things import NextThings, NextThingText, next_things_in
from pwa.content.nudges import NudgeText, nudges_in
from pwa.content.questions import Questions, questions_of
from pwa.content.questions import rows_in as _question_rows_in
from pwa.content.replies import replies_in
from pwa.content.setup_questions import NameChip, Setup, setup_in
from pwa.content.tailoring import Choices, TailoringWords, tailoring_in
from pwa.content.tone import tone_in
from pwa.content.zone_table import SOMEWHERE, countries, latitudes
from pwa.domain.drafts import Pieces
from pwa.domain.questions import GROUPS
from pwa.domain.replies import ReplyRules
from pwa.domain.steps import Step
from pwa.domain.tone import ToneRules
from pwa.domain.understanding import Knowledge

__all__ = [
    "Catalogue",
    "Chip",
    "Choices",
    "ContentError",
    "Devices",
    "Flag",
    "Group",
    "HearthSentences",
    "Help",
    "HelpCountry",
    "HelpLine",
    "Interest",
    "Interests",
    "NameChip",
    "NextThingText",
    "NudgeText",
    "Perspective",
    "Prompt",
    "Questions",
    "Reason",
    "Setup",
    "TailoringWords",
    "catalogue",
    "check",
    "country_of",
    "devices",
    "drafts",
    "flags",
    "hearth_sentences",
    "help_lines",
    "help_words",
    "interests",
    "knowledge",
    "latitude",
    "next_thing_text",
    "next_things",
    "nudge_texts",
    "nudge_variants",
    "perspective",
    "questions",
    "replies",
    "setup",
    "span",
    "steps",
    "tailoring",
    "tone",
]


@cache
def steps() -> tuple[Step, ...]:
    return steps_in(read("steps.toml"))


def next_thing_text(key: str, round_number: int = 1, days: int | None = None) -> NextThingText:
    """The card for a key of `domain.next_thing`; `days` as that rule gives them, told in words."""
    return _next_things().text(key, round_number, days)


def next_things() -> Mapping[str, NextThingText]:
    """Every card; those of later rounds under "<key>.again"."""
    return _next_things().texts


def span(days: int) -> str:
    """So many days in words, as in "about three weeks"."""
    return _next_things().span(days)


def hearth_sentences(fire: int, banked: bool) -> HearthSentences:
    return _hearth()[(fire, banked)]


def nudge_texts(kind: str, turn: int = 0) -> NudgeText:
    """The text for a kind of nudge; variants take turns, so pass how many were sent before."""
    variants = nudge_variants(kind)
    return variants[turn % len(variants)]


def nudge_variants(kind: str) -> tuple[NudgeText, ...]:
    return _nudges()[kind]


@cache
def devices() -> Devices:
    return devices_in(read("devices.toml"))


@cache
def drafts() -> Pieces:
    """What messages to a parent are made of; see `pwa.domain.drafts`."""
    return drafts_in(read("drafts.toml"))


@cache
def help_words() -> Help:
    return help_in(read("help.toml"))


def help_lines(country: str | None) -> tuple[HelpLine, ...]:
    """Who can help in a country (ISO 3166 code), and anywhere; see `help_words().checked_on`."""
    return help_words().lines(country)


@cache
def interests() -> Interests:
    return interests_in(read("interests.toml"))


@cache
def flags() -> dict[str, Flag]:
    return flags_in(read("flags.toml"))


@cache
def catalogue() -> Catalogue:
    """Every idea; made from its files once, and from what was made of them after."""
    names = [f"ideas/{group.key}.toml" for group in interests().groups]
    read_in = _sources(*names, "interests.toml", "flags.toml")
    return catalogue_of(_compiled("ideas", read_in, lambda: rows_in(map(read, names), interests().by_key, flags())))


@cache
def questions() -> Questions:
    """Every question to bring; made from its files once, and from what was made of them after."""
    names = [f"questions/{group}.toml" for group in GROUPS]
    read_in = _sources(*names, "interests.toml")
    rows = _compiled("questions", read_in, lambda: _question_rows_in(map(read, names), interests().by_key))
    return questions_of(rows)


@cache
def tailoring() -> TailoringWords:
    return tailoring_in(read("tailoring.toml"))


@cache
def knowledge() -> Knowledge:
    """What `domain.understanding` reads words with."""
    return _put_together(interests(), flags())


@cache
def replies() -> ReplyRules:
    """What `domain.replies` reads an answer with."""
    return replies_in(read("replies.toml"))


@cache
def tone() -> ToneRules:
    """What `domain.tone` reads a draft with."""
    return tone_in(read("tone.toml"), words("words/known.txt"))


def country_of(zone: str) -> str | None:
    """The country (ISO 3166) of the zone's main place; None for a zone that is of no place."""
    return _countries().get(zone)


def latitude(zone: str) -> float:
    """Of the zone's main place, in degrees, south negative."""
    return _latitudes().get(zone, SOMEWHERE)


@cache
def perspective() -> Perspective:
    return perspective_in(read("perspective.toml"))


@cache
def setup() -> Setup:
    return setup_in(read("setup.toml"))


def check() -> None:
    """Read every file; raises ContentError for the first that cannot be used."""
    for load in (
        steps,
        _next_things,
        _hearth,
        _nudges,
        help_words,
        devices,
        drafts,
        interests,
        flags,
        catalogue,
        knowledge,
        perspective,
        questions,
        setup,
        tailoring,
        replies,
        tone,
    ):
        load()


@cache
def _countries() -> dict[str, str]:
    return countries()


@cache
def _latitudes() -> dict[str, float]:
    return latitudes()


@cache
def _next_things() -> NextThings:
    return next_things_in(read("next_things.toml"))


@cache
def _hearth() -> dict[tuple[int, bool], HearthSentences]:
    return hearth_in(read("hearth.toml"))


@cache
def _nudges() -> dict[str, tuple[NudgeText, ...]]:
    return nudges_in(read("nudges.toml"))
