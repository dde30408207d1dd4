"""What was understood of a parent's words, to be put right with a tap, and the four questions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from pwa import content
from pwa.domain.tailoring import SPANS, Answers, PutRight, visiting
from pwa.services import correcting, tailoring
from pwa.services.tailoring import Tailoring
from pwa.web import access, rooms
from pwa.web.forms import Form, choice, choices, words

blueprint = Blueprint("understood", __name__, url_prefix="/ideas/understood")

MEANS = "means:"


class UnderstoodForm(Form):
    likes = words()
    interests = choices(lambda: content.interests().by_key)
    visiting = choice(lambda: ("", *content.tailoring().visiting.keys()))
    mobility = choice(lambda: ("", *content.tailoring().mobility.keys()))
    cost = choice(lambda: ("", *content.tailoring().cost.keys()))
    avoid = choices(content.flags)
    minutes = choice(lambda: ("", *map(str, SPANS)))

    def answers(self) -> Answers:
        return Answers(
            visiting=self.visiting.data or None,
            mobility=_grade(self.mobility.data),
            cost=_grade(self.cost.data),
            avoid=frozenset(self.avoid.data or ()),
            minutes=_grade(self.minutes.data),
        )


@dataclass(frozen=True)
class ChipOf:
    """An interest as a chip: `said` are the words it was understood from."""

    key: str
    label: str
    said: str
    checked: bool


@blueprint.get("")
def show() -> ResponseReturnValue:
    found = _look()
    return _page(found, UnderstoodForm(data=_known(found)))


@blueprint.post("")
def put_right() -> ResponseReturnValue:
    found, form = _look(), UnderstoodForm()
    if not form.is_sent():
        return _page(found, form, 422)
    chosen = list(form.interests.data or ())
    told = {each.interest for each in found.understanding.interests}
    right = PutRight(
        kept=frozenset(chosen),
        not_these=frozenset(told.union(found.put_right.not_these) - set(chosen)),
        words={**found.put_right.words, **_meant(found)},
        answers=form.answers(),
    )
    correcting.put_right(access.account().id, found.parent.id, chosen, form.likes.data, right, access.now())
    return redirect(url_for("ideas.show"), 303)


def _look() -> Tailoring:
    return tailoring.look(access.account(), rooms.look().parent, access.now())


def _meant(found: Tailoring) -> dict[str, str]:
    """What words that nobody knew are like, as far as it was said now."""
    asked = {word: request.form.get(MEANS + word, "") for word in found.understanding.unrecognised}
    known = content.interests().by_key
    return {word: interest if interest in known else "" for word, interest in asked.items() if interest}


def _known(found: Tailoring) -> dict[str, Any]:
    """The form as it stands: answers, and before there are any what the words say."""
    answers, told = found.put_right.answers, found.understanding.limits
    avoid = told.avoid if answers.avoid is None else answers.avoid
    return {
        "likes": found.parent.likes,
        "interests": list(found.portrait.weights),
        "visiting": answers.visiting or visiting(told, found.parent.distance) or "",
        "mobility": _said(answers.mobility, told.max_mobility),
        "cost": _said(answers.cost, told.max_cost),
        "avoid": sorted(avoid),
        "minutes": "" if answers.minutes is None else str(answers.minutes),
    }


def _page(found: Tailoring, form: UnderstoodForm, status: int = 200) -> ResponseReturnValue:
    chosen = set(form.interests.data or ())
    known = content.interests()
    shown = [key for key in (*found.portrait.weights, *found.parent.interests, *chosen) if key in known.by_key]
    own = list(dict.fromkeys(shown))
    groups = [
        (
            group,
            [
                ChipOf(each.key, each.label, "", each.key in chosen)
                for each in known.of_group(group)
                if each.key not in own
            ],
        )
        for group in known.groups
    ]
    words = {
        "form": form,
        "ask": content.tailoring(),
        "own": [ChipOf(key, known.by_key[key].label, _quoted(key, found), key in chosen) for key in own],
        "groups": groups,
        "interests": known,
        "told": [each.words for each in found.understanding.limit_words],
        "unrecognised": [word for word in found.understanding.unrecognised if word not in found.put_right.words],
        "flags": content.flags().values(),
        "means": MEANS,
    }
    return rooms.private(rooms.page("ideas/understood.html", rooms.look(found.parent), status, **words))


def _quoted(key: str, found: Tailoring) -> str:
    """The person's own words for it; nothing where it was a chip."""
    words = found.portrait.words.get(key)
    return words.said if words and words.own else ""


def _grade(said: str | None) -> int | None:
    return int(said) if said else None


def _said(answered: int | None, told: int | None) -> str:
    known = told if answered is None else answered
    return "" if known is None else str(known)
