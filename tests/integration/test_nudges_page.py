"""The page that is a nudge's two buttons: it works without scripts, changes nothing by being opened, and is nobody else's."""

from __future__ import annotations

from uuid import uuid4

import pytest

from pwa.services import nudging
from pwa.storage import database, moments, nudges, parents, pauses
from tests.support.nudged import Office, at_home
from tests.support.people import Person


@pytest.fixture
def nudge(office: Office, ana: Person) -> nudges.Nudge:
    """Ana was just sent her first nudge."""
    office.switch_on(ana)
    sent = office.plan(ana)
    assert sent is not None
    office.at_due(ana)
    return sent


def page(person: Person, nudge: nudges.Nudge, query: str = "") -> str:
    answer = person.client.get(f"/nudges/{nudge.id}{query}")
    assert answer.status_code == 200, answer.text
    return answer.text


def test_it_has_both_buttons_and_says_what_it_is_about(ana: Person, nudge: nudges.Nudge) -> None:
    text = page(ana, nudge)
    assert 'data-page="nudge"' in text
    assert (text.count("I reached out"), text.count("Tomorrow</b>")) == (1, 1)
    assert "Mom" in text


@pytest.mark.parametrize("query", ["", "?a=done", "?a=snooze", "?a=<script>", "?a="])
def test_opening_it_changes_nothing(office: Office, ana: Person, nudge: nudges.Nudge, query: str) -> None:
    before = at_home(office.waiting(ana))
    for method in ("GET", "HEAD"):
        assert ana.client.open(f"/nudges/{nudge.id}{query}", method=method).status_code == 200
    assert "<script>" not in page(ana, nudge, query).partition("</head>")[2]
    assert at_home(office.waiting(ana)) == before
    assert moments.of_parent(ana.parent_id) == []


def test_what_was_tapped_comes_first(ana: Person, nudge: nudges.Nudge) -> None:
    text = page(ana, nudge, "?a=snooze")
    assert text.index("Tomorrow</b>") < text.index("I reached out")


def test_i_reached_out_by_form(office: Office, ana: Person, nudge: nudges.Nudge) -> None:
    for _ in range(2):
        answer = ana.client.submit(f"/nudges/{nudge.id}/contact")
        assert (answer.status_code, answer.location) == (303, f"/nudges/{nudge.id}")
    assert "You reached out" in page(ana, nudge)
    assert len(moments.of_parent(ana.parent_id)) == 1


def test_tomorrow_by_form_says_when_it_comes_back(office: Office, ana: Person, nudge: nudges.Nudge) -> None:
    assert ana.client.submit(f"/nudges/{nudge.id}/snooze").status_code == 303
    text = page(ana, nudge)
    assert "Tomorrow it is" in text
    assert "It comes back Sat 7 Mar at 7 pm." in text


def test_it_can_be_taken_back_by_form(office: Office, ana: Person, nudge: nudges.Nudge) -> None:
    ana.client.submit(f"/nudges/{nudge.id}/contact")
    assert ana.client.submit(f"/nudges/{nudge.id}/undo").status_code == 303
    assert "I reached out" in page(ana, nudge)
    assert moments.of_parent(ana.parent_id) == []


def test_a_form_without_our_token_is_refused(ana: Person, nudge: nudges.Nudge) -> None:
    for action in ("contact", "snooze", "undo"):
        assert ana.client.post(f"/nudges/{nudge.id}/{action}").status_code == 400
    assert moments.of_parent(ana.parent_id) == []


def test_somebody_elses_nudge_is_as_unknown_as_none(ben: Person, cleo: Person, nudge: nudges.Nudge) -> None:
    theirs = ben.client.get(f"/nudges/{nudge.id}", headers={"Accept": "text/html"})
    nobodys = ben.client.get(f"/nudges/{uuid4()}", headers={"Accept": "text/html"})
    assert (theirs.status_code, theirs.text) == (nobodys.status_code, nobodys.text)
    assert theirs.status_code == 404
    for action in ("contact", "snooze", "undo"):
        assert ben.client.submit(f"/nudges/{nudge.id}/{action}").status_code == 404
    assert cleo.client.get(f"/nudges/{nudge.id}").status_code in (302, 401)
    assert pauses.find_snooze(nudge.parent_id) is None


def test_the_test_nudge_has_a_page_too(office: Office, ana: Person) -> None:
    office.switch_on(ana)
    test = nudging.send_test(ana.session_id, office.clock.now)
    answer = ana.client.get(f"/nudges/{test}")
    assert (answer.status_code, "It arrived" in answer.text) == (200, True)


def test_a_nudge_about_somebody_where_contact_has_stopped_urges_nothing(
    office: Office, ana: Person, nudge: nudges.Nudge
) -> None:
    with database.transaction(ana.account_id):
        pauses.add_stop(ana.parent_id, office.clock.now)
    text = page(ana, nudge)
    assert "I reached out" not in text
    assert "nothing to do" in text


def test_a_name_is_only_a_name(office: Office, ana: Person, nudge: nudges.Nudge) -> None:
    with database.transaction(ana.account_id):
        parent = parents.get(ana.parent_id, ana.account_id)
        assert parent is not None
        parent.name = "<b>{they}</b>"
    text = page(ana, nudge)
    assert "&lt;b&gt;{they}&lt;/b&gt;" in text
    assert "<b>{they}" not in text


def test_an_address_that_is_no_id_is_not_found(ana: Person) -> None:
    for name in ("1", "9" * 400, "%00", "..", "é"):
        assert ana.client.get(f"/nudges/{name}").status_code == 404
