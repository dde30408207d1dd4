"""Asking: the three questions to bring, another in place of one, and keeping one for later."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pwa import content
from pwa.domain import questions as rule
from pwa.domain.errors import NotThere
from pwa.domain.questions import CALL, PHOTOGRAPHS, TOGETHER, Pick, Question, Stage, Wants
from pwa.domain.reasons import Words
from pwa.domain.steps import DAY_IS_SET
from pwa.services import finding, gathering, surveying, tailoring
from pwa.services.surveying import Survey
from pwa.storage import accounts, database, moments, questions, rounds
from pwa.storage.questions import BroughtQuestion

STEP = "be_together"


@dataclass(frozen=True)
class Hand:
    """What lies on the table, what is kept for later, and where each interest comes from in the person's own words."""

    picks: Sequence[Pick]
    kept: Sequence[Question]
    words: Mapping[str, Words]


@dataclass(frozen=True)
class _Table:
    """A hand, and whether it is written down as it is."""

    hand: Hand
    round_id: UUID
    is_settled: bool
    is_written: bool


def bring(account_id: UUID, parent_id: UUID, now: datetime) -> Hand:
    """The three for this round, written down as shown; once the stage is settled they stay."""
    table = _look(account_id, parent_id, now)
    if table.is_written:
        return table.hand
    with database.transaction(account_id):
        return _write(account_id, parent_id, now).hand


def swap(account_id: UUID, parent_id: UUID, question: str, now: datetime) -> None:
    """Another in its place. One that has left the table already (a second tap) changes nothing."""
    _set_aside(account_id, parent_id, question, now, kept=False)


def keep(account_id: UUID, parent_id: UUID, question: str, now: datetime) -> None:
    """Keeps it for a later round, and another comes in its place."""
    _set_aside(account_id, parent_id, question, now, kept=True)


def let_go(account_id: UUID, parent_id: UUID, question: str) -> None:
    """Keeps it no longer."""
    with database.transaction(account_id):
        row = questions.find(finding.parent(parent_id, account_id).id, question)
        if row is not None and row.kept_at is not None:
            questions.save_let_go(row)
            accounts.touch(account_id)


def _set_aside(account_id: UUID, parent_id: UUID, question: str, now: datetime, *, kept: bool) -> None:
    if question not in content.questions().by_key:
        raise NotThere
    with database.transaction(account_id):
        table = _write(account_id, parent_id, now, settled=True)
        row = questions.find(parent_id, question)
        if row is None or question not in [pick.question.key for pick in table.hand.picks]:
            return
        questions.save_aside(row, now, kept=kept)
        _write(account_id, parent_id, now, settled=True)
        accounts.touch(account_id)


def _write(account_id: UUID, parent_id: UUID, now: datetime, *, settled: bool = False) -> _Table:
    """Within a transaction: what lies on the table is written down, and what no longer does. `settled`: somebody chose it."""
    table = _look(account_id, parent_id, now)
    keys = {pick.question.key for pick in table.hand.picks}
    for row in questions.of_parent(parent_id):
        if _lies(row, table.round_id) and row.question not in keys:
            questions.save_aside(row, now, kept=row.kept_at is not None)
    for pick in table.hand.picks:
        settles = settled or table.is_settled
        questions.save(parent_id, pick.question.key, table.round_id, pick.place, now, settled=settles)
    return table


def _look(account_id: UUID, parent_id: UUID, now: datetime) -> _Table:
    account, parent = finding.account(account_id), finding.parent(parent_id, account_id)
    survey = surveying.look(account, parent, now)
    rows = questions.of_parent(parent.id)
    stage = _stage(survey)
    known = tailoring.look(account, parent, now)
    wants = _wants(known, survey, rows, rule.deepest(stage, now))
    lying = [row for row in rows if _lies(row, survey.round.id)]
    catalogue = content.questions().by_key
    held = {row.place: row.question for row in lying if row.place is not None and row.settled_at is not None}
    picks = rule.pick(catalogue.values(), wants, held)
    shown = {pick.question.key: pick.place for pick in picks}
    kept = [catalogue[row.question] for row in rows if _is_waiting(row) and row.question in catalogue]
    hand = Hand(picks, [each for each in kept if each.key not in shown], known.portrait.words)
    is_written = {row.question: row.place for row in lying} == shown and (
        not stage.is_settled or len(held) == len(lying)
    )
    return _Table(hand, survey.round.id, stage.is_settled, is_written)


def _stage(survey: Survey) -> Stage:
    parent_id = survey.parent.id
    seen = [each.happened_at for each in moments.contacts_of([parent_id]) if each.kind in ("call", "visit")]
    closed = [closed_at for _, closed_at in rounds.closed_of([parent_id])]
    ticked = {task.key for state in survey.progress.states for task, tick in state.tasks if tick and tick.done}
    has_come = any(state.step.key == STEP and state.state != "later" for state in survey.progress.states)
    return Stage(survey.round.number, gathering.newest(*seen, *closed), DAY_IS_SET in ticked, has_come)


def _wants(known: tailoring.Tailoring, survey: Survey, rows: Sequence[BroughtQuestion], deepest: int) -> Wants:
    limits = known.portrait.bounds.limits
    is_apart = limits.mostly_remote or limits.need == {"remote"}
    here = survey.round.id
    return Wants(
        interests=known.portrait.weights,
        kin={key: interest.group.key for key, interest in content.interests().by_key.items()},
        disliked=known.portrait.disliked,
        places=(CALL,) if is_apart else (TOGETHER, PHOTOGRAPHS),
        dad=survey.parent.pronouns == "he",
        deepest=deepest,
        shown={row.question: row.shown_at for row in rows if not _lies(row, here) or row.settled_at is not None},
        kept={
            row.question for row in rows if row.kept_at is not None and not (row.round_id == here and _is_waiting(row))
        },
        aside={row.question for row in rows if row.round_id == here and _is_waiting(row)},
        seed=f"{survey.parent.id.hex}{survey.round.number}",
    )


def _lies(row: BroughtQuestion, round_id: UUID) -> bool:
    """On the table of that round."""
    return row.round_id == round_id and row.place is not None


def _is_waiting(row: BroughtQuestion) -> bool:
    """Kept, and not on a table."""
    return row.kept_at is not None and row.place is None
