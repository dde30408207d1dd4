"""Tailoring: ideas for this parent, from what was told, put right and learnt. It reads and never writes."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from pwa import content
from pwa.domain import dates
from pwa.domain.ideas import Idea, passes
from pwa.domain.lessons import NOTHING_YET, REFUSED, Verdict, learn
from pwa.domain.ranking import LOOKED_FOR, Choice, Wants, rank, suits
from pwa.domain.reasons import Reason, reason
from pwa.domain.rotation import monday_of
from pwa.domain.seasons import season
from pwa.domain.tailoring import Answers, Portrait, PutRight, bounds, portray
from pwa.domain.understanding import Understanding, understand
from pwa.storage import tastes, verdicts
from pwa.storage.accounts import Account
from pwa.storage.parents import Parent

# How many ideas make a week's list, and how many a search shows.
A_WEEK = 6
MOST_FOUND = 24


@dataclass(frozen=True)
class Offer:
    """An idea on the list, why it is there, and what was said of it, if anything was.

    `fits`: no limit and no dislike speaks against it; on a list that is always so.
    """

    choice: Choice
    reason: Reason
    verdict: Verdict | None
    fits: bool

    @property
    def idea(self) -> Idea:
        return self.choice.idea


@dataclass(frozen=True)
class Search:
    """What was found, and how many more were left out because a limit or a dislike speaks against them."""

    offers: list[Offer]
    left_out: int


@dataclass(frozen=True)
class Tailoring:
    """All that ideas for one parent are made from."""

    parent: Parent
    understanding: Understanding
    put_right: PutRight
    portrait: Portrait
    verdicts: Sequence[Verdict]
    wants: Wants


def look(account: Account, parent: Parent, now: datetime) -> Tailoring:
    """What is known of the parent today; one reading of the database, one of the words."""
    put_right = read(parent)
    mother = {"she": True, "he": False}.get(parent.pronouns)
    understanding = understand(parent.likes or "", content.knowledge(), parent.interests, mother=mother)
    limits = bounds(
        understanding.limits,
        parent.distance,
        put_right.answers,
        [each.interest for each in understanding.interests],
        content.interests().active(),
    )
    portrait = portray(understanding, parent.interests, put_right, limits)
    said = _verdicts(account, parent)
    return Tailoring(parent, understanding, put_right, portrait, said, _wants(account, parent, portrait, said, now))


def week(found: Tailoring, filters: Collection[str] = (), most: int = A_WEEK) -> list[Offer]:
    """This week's list, the same until Monday, of what passes the `filters` (the rule's FILTERS).

    What was refused this week keeps its place, to be folded away; another idea comes at the end for each.
    """
    wants = found.wants
    monday = monday_of(wants.on)
    before = [verdict for verdict in found.verdicts if verdict.on < monday]
    since = [verdict for verdict in found.verdicts if verdict.on >= monday]
    ideas = content.catalogue().ideas
    passing = [idea for idea in ideas.values() if passes(idea, filters)]
    chosen = rank(passing, replace(wants, lessons=learn(before, ideas, monday)), most)
    refused = {verdict.idea for verdict in since if verdict.verdict == REFUSED}
    more = sum(choice.idea.key in refused for choice in chosen)
    if more:
        listed = frozenset(choice.idea.key for choice in chosen)
        lessons = learn(found.verdicts, ideas, wants.on)
        lessons = replace(lessons, gone=lessons.gone | listed)
        chosen += rank(passing, replace(wants, lessons=lessons), more)
    return [offer(found, choice) for choice in chosen]


def search(found: Tailoring, words: str, filters: Collection[str] = ()) -> Search:
    """Ideas whose title, line or interests hold every one of the `words`; what fits the parent comes first."""
    asked = words.casefold().split()
    known = content.catalogue()
    texts = known.search_texts
    held = [idea for key, idea in known.ideas.items() if asked and all(word in texts[key] for word in asked)]
    held = [idea for idea in held if passes(idea, filters)]
    kept = [idea for idea in held if suits(idea, found.wants)]
    ranked = rank(kept, replace(found.wants, lessons=NOTHING_YET, for_anyone=frozenset()), MOST_FOUND)
    listed = {choice.idea.key for choice in ranked}
    ranked += [Choice(idea, 0.0, LOOKED_FOR, None) for idea in kept if idea.key not in listed]
    return Search([offer(found, choice) for choice in ranked[:MOST_FOUND]], len(held) - len(kept))


def offer(found: Tailoring, choice: Choice) -> Offer:
    without = {key: flag.without for key, flag in content.flags().items()}
    said = next((verdict for verdict in found.verdicts if verdict.idea == choice.idea.key), None)
    why = reason(choice, found.portrait.words, found.portrait.bounds.told, without)
    return Offer(choice, why, said, suits(choice.idea, found.wants))


def one(found: Tailoring, idea: Idea) -> Offer:
    """A single idea as it would be offered, whether or not it is on this week's list."""
    ranked = rank([idea], replace(found.wants, lessons=NOTHING_YET), 1)
    return offer(found, ranked[0] if ranked else Choice(idea, 0.0, LOOKED_FOR, None))


def read(parent: Parent) -> PutRight:
    """What was put right of what was understood of this parent."""
    taste = tastes.find(parent.id)
    if taste is None:
        return PutRight()
    kept = json.loads(taste.put_right)
    answers = kept.get("answers", {})
    avoid = answers.pop("avoid", None)
    return PutRight(
        frozenset(kept.get("kept", ())),
        frozenset(kept.get("not_these", ())),
        kept.get("words", {}),
        Answers(**answers, avoid=None if avoid is None else frozenset(avoid)),
    )


def _verdicts(account: Account, parent: Parent) -> list[Verdict]:
    zone = dates.zone(account.zone)
    return [
        Verdict(row.idea, row.verdict, dates.local_date(row.made_at, zone), row.why)
        for row in verdicts.of_parent(parent.id)
    ]


def _wants(account: Account, parent: Parent, portrait: Portrait, said: Sequence[Verdict], now: datetime) -> Wants:
    today = dates.local_date(now, dates.zone(account.zone))
    return Wants(
        on=today,
        interests=portrait.weights,
        related=portrait.related,
        disliked=portrait.disliked,
        limits=portrait.bounds.limits,
        lessons=learn(said, content.catalogue().ideas, today),
        season=season(today, content.latitude(account.zone)),
        seed=str(parent.id),
        gently=True,
        dad=parent.pronouns == "he",
        for_anyone=content.interests().for_anyone(),
    )
