"""Whose it is: on every address that names something of Ana's, Ben finds nothing, and Cleo finds the door shut."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from flask import Flask

from pwa.storage import database, moments
from tests.support.invited import invite
from tests.support.people import Clock, Person

HTML = {"Accept": "text/html"}
# {parent} {round} {moment} are Ana's.
READING = (
    "/setup/{parent}/enjoys",
    "/setup/{parent}/distance",
    "/parents/{parent}",
    "/moments/{moment}/deletion",
    "/reach-out/{invitation}",
    "/reach-out/{invitation}/sent",
    "/reach-out/{invitation}/answer",
    "/reach-out/{invitation}/calendar",
    "/reach-out/{invitation}/calendar.ics",
)
WRITING = (
    ("/setup/{parent}/enjoys", {"likes": "mine now"}),
    ("/setup/{parent}/distance", {"bad_times": "mine now"}),
    ("/parents/{parent}", {"name": "Mine", "pronouns": "she", "rhythm_days": "7", "room": "sage"}),
    ("/parents/{parent}/snooze", {}),
    ("/parents/{parent}/stop", {}),
    ("/parents/{parent}/stop/undo", {}),
    ("/parent", {"parent": "{parent}"}),
    ("/rounds", {"round": "{round}"}),
    ("/steps/reach_out/tasks/reach_out.offer_three_dates", {"parent": "{parent}", "done": "1"}),
    ("/questions/best_bit_week/swap", {"parent": "{parent}"}),
    ("/questions/best_bit_week/keeping", {"parent": "{parent}"}),
    ("/questions/best_bit_week/keeping/deletion", {"parent": "{parent}"}),
    ("/moments/{moment}/deletion", {}),
    ("/reach-out/{invitation}/words", {"words": "mine now"}),
    ("/reach-out/{invitation}/sent", {"way": "text"}),
    ("/reach-out/{invitation}/sent/undo", {}),
    ("/reach-out/{invitation}/feared", {"awkward": "1"}),
    ("/reach-out/{invitation}/end", {}),
    ("/reach-out/{invitation}/link/end", {}),
    ("/reach-out/{invitation}/follow-up", {"number": "1", "way": "text"}),
    ("/reach-out/{invitation}/answer", {"answer": "0"}),
    ("/reach-out/{invitation}/answer/undo", {}),
)
OWN_PAGES = (
    "/ideas",
    "/ideas/tea_among_the_roses",
    "/ideas/understood",
    "/ideas/learnt",
    "/reach-out?idea=tea_among_the_roses",
    "/reach-out/warm-up",
    "/settings/calendar",
    "/parents/new",
    "/steps/reach_out",
    "/steps/be_together",
    "/steps/perspective/longer-view",
    "/moments",
    "/settings",
    "/settings/hour",
    "/settings/quiet-hours",
    "/settings/zone",
    "/settings/appearance",
    "/settings/sign-out",
    "/settings/account/deletion",
)
OWN_WRITES = (
    "/ideas/tea_among_the_roses/verdict",
    "/ideas/tea_among_the_roses/verdict/deletion",
    "/ideas/tea_among_the_roses/limit",
    "/ideas/understood",
    "/reach-out",
    "/settings/calendar",
    "/settings/calendar/choices",
    "/settings/calendar/deletion",
    "/settings/calendar/busy",
    "/moments",
    "/steps/perspective/longer-view",
    "/steps/perspective/longer-view/deletion",
    "/settings/hour",
    "/settings/lock-screen",
    "/settings/test-nudge",
    "/settings/pause",
    "/settings/pause/undo",
    "/settings/sign-out",
    "/settings/account/deletion",
)


@pytest.fixture
def hers(app: Flask, ana: Person, clock: Clock) -> dict[str, str]:
    """What of Ana's an address may name."""
    invited = invite(app, ana, clock)
    with app.app_context(), database.transaction():
        assert ana.parent_id is not None
        moment = moments.add(ana.parent_id, clock.now, "call", "you", "private", None)
        own = {"parent": str(ana.parent_id), "round": str(ana.round_id), "moment": str(moment.id)}
        return {**own, "invitation": str(invited.id)}


def fill(fields: dict[str, str], hers: dict[str, str]) -> dict[str, str]:
    return {name: value.format(**hers) for name, value in fields.items()}


def snapshot(app: Flask) -> list[object]:
    with app.app_context():
        tables = database.db.metadata.sorted_tables
        return [sorted(map(repr, database.db.session.execute(table.select()))) for table in tables]


@pytest.mark.parametrize("address", READING)
def test_ana_sees_what_is_hers_and_ben_does_not(hers: dict[str, str], ana: Person, ben: Person, address: str) -> None:
    assert ana.client.get(address.format(**hers)).status_code == 200
    theirs = ben.client.get(address.format(**hers))
    nobodys = ben.client.get(address.format(**dict.fromkeys(hers, str(uuid4()))))
    assert theirs.status_code == nobodys.status_code == 404
    assert theirs.text == nobodys.text


@pytest.mark.parametrize(("address", "fields"), WRITING, ids=[address for address, _ in WRITING])
def test_ben_and_cleo_change_nothing_of_anas(
    app: Flask, hers: dict[str, str], ben: Person, cleo: Person, address: str, fields: dict[str, str]
) -> None:
    before = snapshot(app)
    assert ben.client.submit(address.format(**hers), **fill(fields, hers)).status_code == 404
    assert cleo.client.submit(address.format(**hers), **fill(fields, hers)).status_code == 401
    assert snapshot(app) == before


@pytest.mark.parametrize("address", [*READING, *OWN_PAGES])
def test_cleo_is_led_to_the_welcome_page(hers: dict[str, str], cleo: Person, address: str) -> None:
    answer = cleo.client.get(address.format(**hers), headers=HTML)
    assert (answer.status_code, answer.location) == (302, "/")


@pytest.mark.parametrize("address", OWN_WRITES)
def test_cleo_cannot_write_where_there_is_nothing_of_hers(app: Flask, cleo: Person, address: str) -> None:
    before = snapshot(app)
    assert cleo.client.submit(address).status_code == 401
    assert snapshot(app) == before


@pytest.mark.parametrize(("address", "_fields"), WRITING, ids=[address for address, _ in WRITING])
def test_a_form_from_elsewhere_changes_nothing(
    app: Flask, hers: dict[str, str], ana: Person, address: str, _fields: dict[str, str]
) -> None:
    before = snapshot(app)
    answer = ana.client.post(address.format(**hers), data=fill(_fields, hers))
    assert answer.status_code == 400
    assert snapshot(app) == before


@pytest.mark.parametrize("address", ["/parents/{}", "/setup/{}/enjoys", "/moments/{}/deletion"])
@pytest.mark.parametrize("said", ["1", "9" * 5_000, "nonsense", "%00", str(UUID(int=0)), "..%2f"])
def test_an_id_that_means_nothing_is_the_same_404(ana: Person, address: str, said: str) -> None:
    assert ana.client.get(address.format(said)).status_code == 404
