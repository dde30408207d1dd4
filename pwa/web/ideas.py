"""Ideas: this week's list, a single idea, what was understood of a parent, and what was learnt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from pwa import content
from pwa.domain.errors import Invalid
from pwa.domain.ideas import FILTERS, Idea
from pwa.domain.lessons import ASKS_TOO_MUCH, LOVED, REFUSED
from pwa.services import rating, tailoring
from pwa.services.surveying import Survey
from pwa.services.tailoring import Offer, Tailoring
from pwa.web import access, facts, rooms

blueprint = Blueprint("ideas", __name__, url_prefix="/ideas")
facts.init_blueprint(blueprint)

MORE = 18
ASSUMED = {"mobility": "nothing strenuous", "cost": "little money", "alcohol": "no alcohol"}
LONGEST_SEARCH = 80


@dataclass(frozen=True)
class Row:
    """An idea as a page shows it: its picture, and the facts under its title."""

    offer: Offer
    picture: str
    paint: str
    facts: list[facts.Fact]

    @property
    def idea(self) -> Idea:
        return self.offer.idea

    @property
    def loved(self) -> bool:
        return self.offer.verdict is not None and self.offer.verdict.verdict == LOVED

    @property
    def refused(self) -> bool:
        return self.offer.verdict is not None and self.offer.verdict.verdict == REFUSED


@blueprint.get("")
def show() -> ResponseReturnValue:
    survey = rooms.look()
    if survey.stopped:
        return redirect(url_for("today.show"))
    found = _look(survey)
    filters = [each for each in FILTERS if each in request.args.getlist("only")]
    asked = " ".join(request.args.get("q", "").split())[:LONGEST_SEARCH]
    left_out = 0
    if asked:
        searched = tailoring.search(found, asked, filters)
        offers, left_out = searched.offers, searched.left_out
    else:
        offers = tailoring.week(found, filters, MORE if filters or "more" in request.args else tailoring.A_WEEK)
    words: dict[str, Any] = {
        "rows": [_row(offer, survey) for offer in offers],
        "filters": filters,
        "asked": asked,
        "left_out": left_out,
        "words": content.tailoring(),
        "chosen_for": _chosen_for(found),
        "assumed": [ASSUMED[each] for each in found.portrait.bounds.assumed],
        "asks_too_much": ASKS_TOO_MUCH,
        "more": "more" in request.args,
    }
    return rooms.page("ideas/ideas.html", survey, **words)


@blueprint.get("/<key>")
def one(key: str) -> ResponseReturnValue:
    survey = rooms.look()
    if survey.stopped:
        return redirect(url_for("today.show"))
    row = _row(tailoring.one(_look(survey), idea_or_404(key)), survey)
    return rooms.page("ideas/idea.html", survey, row=row, words=content.tailoring(), asks_too_much=ASKS_TOO_MUCH)


@blueprint.post("/<key>/verdict")
def judge(key: str) -> ResponseReturnValue:
    """`verdict` is loved or refused, `why` one of the reasons, or nothing."""
    idea_or_404(key)
    said, why = request.form.get("verdict", ""), request.form.get("why") or None
    who = (access.account().id, rooms.look().parent.id, key)
    if said not in (LOVED, REFUSED):
        abort(400, "Say whether you love it, or whether it isn’t right.")
    if said == LOVED:
        rating.love(*who, access.now())
        return _back(key)
    try:
        rating.refuse(*who, why, access.now())
    except Invalid as fault:
        abort(400, fault.sentence)
    return _back(key)


@blueprint.post("/<key>/verdict/deletion")
def take_back(key: str) -> ResponseReturnValue:
    rating.take_back(access.account().id, rooms.look().parent.id, key)
    return _back(key)


@blueprint.post("/<key>/limit")
def keep_to(key: str) -> ResponseReturnValue:
    """Makes a limit of why it was refused."""
    try:
        rating.keep_to(access.account().id, rooms.look().parent.id, key, access.now())
    except Invalid as fault:
        abort(400, fault.sentence)
    return _back(key)


@blueprint.get("/learnt")
def learnt() -> ResponseReturnValue:
    survey = rooms.look()
    found = _look(survey)
    known, ideas = content.interests().by_key, content.catalogue().ideas
    leanings = found.wants.lessons.leanings
    words: dict[str, Any] = {
        "more": [known[key].label for key, leaning in leanings.items() if leaning > 0],
        "less": [known[key].label for key, leaning in leanings.items() if leaning < 0],
        "said": [(ideas[verdict.idea], verdict) for verdict in found.verdicts if verdict.idea in ideas],
        "words": content.tailoring(),
    }
    return rooms.page("ideas/learnt.html", survey, **words)


def idea_or_404(key: str) -> Idea:
    idea = content.catalogue().ideas.get(key)
    if idea is None:
        abort(404)
    return idea


def _look(survey: Survey) -> Tailoring:
    return tailoring.look(access.account(), survey.parent, access.now())


def _row(offer: Offer, survey: Survey) -> Row:
    interest = content.interests().by_key[offer.idea.tags[0]]
    return Row(offer, interest.picture, interest.paint, facts.of(offer.idea, survey.person))


def _chosen_for(found: Tailoring) -> list[str]:
    """The first few things the list is made for, in the person's own words."""
    said = [words.said if words.own else words.said.lower() for words in found.portrait.words.values()]
    return said[:3]


def _back(key: str) -> Response:
    """Where the verdict was given: the idea's own page, what was learnt, or the list, at that idea."""
    came_from = request.form.get("from", "")
    if came_from == "idea":
        return redirect(url_for("ideas.one", key=key), 303)
    if came_from == "learnt":
        return redirect(url_for("ideas.learnt"), 303)
    return redirect(url_for("ideas.show") + f"#{key}", 303)
