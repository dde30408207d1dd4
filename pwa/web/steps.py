"""Steps: a step's own page with its questions, its ticks by form, and the longer view, the tool of the first step."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from pwa import content
from pwa.domain.steps import QUESTIONS_PICKED, StepState
from pwa.services import asking, reflecting, stepping
from pwa.services.reflecting import LongerView
from pwa.services.surveying import Survey
from pwa.storage import rounds
from pwa.web import access, questions, rooms
from pwa.web.forms import LongerViewForm
from pwa.web.today import uuid_or_404

blueprint = Blueprint("steps", __name__, url_prefix="/steps")

DONE = ("None", "One", "Two", "Three", "Four", "All five")
NUMBERS = ("one", "two", "three", "four", "five")


@blueprint.get("/<key>")
def show(key: str) -> ResponseReturnValue:
    survey = rooms.look()
    state = _state_or_404(survey, key)
    if survey.stopped:
        return redirect(url_for("today.show"))
    number = NUMBERS[survey.progress.states.index(state)]
    reason = content.help_words().reason
    done = f"{DONE[survey.progress.done_count]} of five steps done"
    words: dict[str, Any] = {"state": state, "step": state.step, "number": number, "reason": reason, "done_words": done}
    if key == asking.STEP:
        words |= {"hand": questions.hand_for(survey), "labels": content.questions().labels}
        words["is_picked"] = any(tick and tick.done for task, tick in state.tasks if task.key == QUESTIONS_PICKED)
    return rooms.page("steps/step.html", survey, **words)


@blueprint.post("/<key>/tasks/<task>")
def tick(key: str, task: str) -> ResponseReturnValue:
    """A tick without scripts: `done` is 1, 0 or absent, which is 0."""
    if not task.startswith(f"{key}."):
        abort(404)
    round_ = rounds.current(access.parent_or_404(uuid_or_404(request.form.get("parent"))).id)
    done = request.form.get("done") == "1"
    stepping.tick(access.account().id, round_.id, task, done=done, now=access.now())
    return redirect(_back(key), 303)


@blueprint.get("/perspective/longer-view")
def ask_longer_view() -> ResponseReturnValue:
    survey = rooms.look()
    if survey.stopped:
        return redirect(url_for("today.show"))
    kept = reflecting.read(survey.round.id)
    return _longer_view_page(survey, LongerViewForm(data=vars(kept or LongerView())), is_kept=kept is not None)


@blueprint.post("/perspective/longer-view")
def keep_longer_view() -> ResponseReturnValue:
    survey = rooms.look()
    form = LongerViewForm()
    if not form.is_sent():
        return _longer_view_page(survey, form, is_kept=False, status=422)
    reflecting.keep(access.account().id, survey.round.id, form.view(), access.now())
    return redirect(url_for("steps.ask_longer_view"), 303)


@blueprint.post("/perspective/longer-view/deletion")
def forget_longer_view() -> ResponseReturnValue:
    reflecting.forget(access.account().id, rooms.look().round.id)
    return redirect(url_for("steps.ask_longer_view"), 303)


def _longer_view_page(survey: Survey, form: LongerViewForm, *, is_kept: bool, status: int = 200) -> ResponseReturnValue:
    tool = content.perspective()
    reasons = tool.three_reasons(survey.round.id.int)
    words = {"tool": tool, "reasons": reasons, "form": form, "is_kept": is_kept}
    return rooms.private(rooms.page("steps/longer_view.html", survey, status, **words))


def _state_or_404(survey: Survey, key: str) -> StepState:
    found = next((state for state in survey.progress.states if state.step.key == key), None)
    if found is None:
        abort(404)
    return found


def _back(key: str) -> str:
    """Where the tick was made: Today, or the step's own page."""
    came_from = urlsplit(request.referrer or "").path
    return url_for("today.show") if came_from == url_for("today.show") else url_for("steps.show", key=key)
