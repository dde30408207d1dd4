"""Moments: the times you were in touch and the rounds you finished, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from uuid import UUID

from flask import Blueprint, abort, redirect, url_for
from flask.typing import ResponseReturnValue

from pwa.domain.dates import local_date
from pwa.domain.errors import Invalid
from pwa.services import touching
from pwa.services.surveying import Survey
from pwa.storage import moments, rounds
from pwa.web import access, rooms
from pwa.web.forms import MomentForm

blueprint = Blueprint("moments", __name__, url_prefix="/moments")


@dataclass(frozen=True)
class Entry:
    """One line of the list: a contact, or (kind "round") a round that was closed."""

    kind: str
    at: datetime
    on: date
    by: str = "you"
    note: str | None = None
    id: UUID | None = None
    number: int = 0


@blueprint.get("")
def show() -> ResponseReturnValue:
    return _page(MomentForm(day="today", by="you"))


@blueprint.post("")
def add() -> ResponseReturnValue:
    form, survey = MomentForm(), rooms.look()
    if not form.is_sent():
        return _page(form, 422)
    try:
        touching.log(access.account().id, survey.parent.id, form.contact(survey.today), access.now())
    except Invalid as fault:
        form.refuse(fault)
        return _page(form, 422)
    return redirect(url_for("moments.show"), 303)


@blueprint.get("/<uuid:moment_id>/deletion")
def ask_deletion(moment_id: UUID) -> ResponseReturnValue:
    moment = moments.get(moment_id, access.account().id)
    if moment is None:
        abort(404)
    survey = rooms.look()
    entry = _entry(moment, survey)
    return rooms.private(rooms.page("moments/deletion.html", survey, entry=entry))


@blueprint.post("/<uuid:moment_id>/deletion")
def delete(moment_id: UUID) -> ResponseReturnValue:
    touching.take_back(access.account().id, moment_id, access.now())
    return redirect(url_for("moments.show"), 303)


def _page(form: MomentForm, status: int = 200) -> ResponseReturnValue:
    survey = rooms.look()
    months = [
        (month, list(entries)) for month, entries in groupby(_entries(survey), lambda entry: entry.on.replace(day=1))
    ]
    return rooms.private(
        rooms.page("moments/moments.html", survey, status, form=form, months=months, is_open=status != 200)
    )


def _entries(survey: Survey) -> list[Entry]:
    contacts = [_entry(moment, survey) for moment in moments.of_parent(survey.parent.id)]
    closed = [
        Entry("round", round_.closed_at, local_date(round_.closed_at, survey.zone), number=round_.number)
        for round_ in rounds.of_parent(survey.parent.id)
        if round_.closed_at is not None
    ]
    return sorted(contacts + closed, key=lambda entry: entry.at, reverse=True)


def _entry(moment: moments.Moment, survey: Survey) -> Entry:
    on = local_date(moment.happened_at, survey.zone)
    return Entry(moment.kind, moment.happened_at, on, moment.by, moment.note, moment.id)
