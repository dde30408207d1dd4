"""Settings: each one is kept, bad ones are refused with a sentence, and the ways out leave nothing behind."""

from __future__ import annotations

from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from pwa.storage import accounts, database, nudges, parents, pauses, sessions, subscriptions
from pwa.storage.accounts import Account
from pwa.storage.database import db
from pwa.storage.parents import Parent
from pwa.storage.subscriptions import Subscription
from tests.support.people import COOKIE, Clock, Person

ENDPOINT = "https://updates.push.services.mozilla.com/wpush/v2/x"
PORTRAIT = {
    "name": "Mum",
    "pronouns": "they",
    "interests": ["cooking"],
    "likes": "pickles",
    "distance": "long_way",
    "channels": ["call"],
    "bad_times": "",
    "rhythm_days": "14",
    "room": "blush",
}


def account_of(app: Flask, person: Person) -> Account:
    with app.app_context():
        found = accounts.get(person.account_id)  # type: ignore[arg-type]
        assert found is not None
        return found


def parent_of(app: Flask, person: Person) -> Parent:
    with app.app_context():
        found = parents.get(person.parent_id, person.account_id)  # type: ignore[arg-type]
        assert found is not None
        return found


@pytest.mark.parametrize(
    ("address", "fields", "kept"),
    [
        ("hour", {"hour": "8"}, {"nudge_hour": 8}),
        ("quiet-hours", {"from_hour": "22", "until_hour": "0"}, {"quiet_from_hour": 22, "quiet_until_hour": 0}),
        ("zone", {"zone": "Asia/Kolkata"}, {"zone": "Asia/Kolkata"}),
        ("appearance", {"theme": "dark"}, {"theme": "dark"}),
    ],
)
def test_a_setting_is_kept_and_makes_pages_newer(
    app: Flask, ana: Person, address: str, fields: dict[str, str], kept: dict[str, object]
) -> None:
    before = account_of(app, ana).revision
    assert ana.client.get(f"/settings/{address}").status_code == 200
    assert ana.client.submit(f"/settings/{address}", **fields).location == "/settings"
    account = account_of(app, ana)
    assert {name: getattr(account, name) for name in kept} == kept
    assert account.revision == before + 1


@pytest.mark.parametrize(
    ("address", "fields", "sentence"),
    [
        ("hour", {"hour": "24"}, "Pick an hour"),
        ("hour", {"hour": ""}, "Pick an hour"),
        ("hour", {"hour": "-1"}, "Pick an hour"),
        ("hour", {"hour": "9" * 5_000}, "Pick an hour"),
        ("hour", {"hour": "²"}, "Pick an hour"),
        ("quiet-hours", {"from_hour": "21", "until_hour": "x"}, "Pick an hour"),
        ("zone", {"zone": "Mars/Base"}, "We do not know that time zone"),
        ("zone", {"zone": ""}, "We do not know that time zone"),
        ("appearance", {"theme": "neon"}, "Pick one of these"),
    ],
)
def test_a_setting_that_makes_no_sense_is_refused_with_a_sentence(
    ana: Person, address: str, fields: dict[str, str], sentence: str
) -> None:
    answer = ana.client.submit(f"/settings/{address}", **fields)
    assert answer.status_code == 422 and sentence in answer.text


def test_the_look_that_was_chosen_is_on_every_page(ana: Person) -> None:
    assert "data-theme" not in ana.client.get("/").text
    ana.client.submit("/settings/appearance", theme="dark")
    for page in ("/", "/moments", "/settings", "/steps/reach_out", "/help"):
        assert 'data-theme="dark"' in ana.client.get(page).text


def test_a_pause_begins_and_ends(app: Flask, ana: Person, clock: Clock) -> None:
    assert ana.client.submit("/settings/pause").location == "/settings"
    assert "End the pause" in ana.client.get("/settings").text
    assert ana.client.submit("/settings/pause/undo").location == "/settings"
    with app.app_context():
        assert ana.account_id is not None
        assert pauses.find_pause(ana.account_id, clock.now) is None


def test_a_test_nudge_without_a_device_says_what_to_do(ana: Person) -> None:
    answer = ana.client.submit("/settings/test-nudge")
    assert answer.status_code == 409
    assert "Switch them on first" in answer.text


@pytest.fixture
def phone(app: Flask, ana: Person, clock: Clock) -> UUID:
    """Ana's phone takes nudges."""
    with app.app_context(), database.transaction():
        made = Subscription(
            account_id=ana.account_id,
            session_id=ana.session_id,
            endpoint_hash=subscriptions.hash_of(ENDPOINT),
            endpoint=ENDPOINT,
            p256dh="p",
            auth="a",
            vapid_key_id="k",
            created_at=clock.now,
            seen_at=clock.now,
            shown_at=clock.now,
        )
        return subscriptions.add(made).id


def test_names_show_on_the_lock_screen_only_where_that_was_chosen(app: Flask, ana: Person, phone: UUID) -> None:
    def names_shown() -> bool:
        with app.app_context():
            found = subscriptions.get(phone)
            assert found is not None
            return found.names_shown

    assert 'aria-checked="true"' in ana.client.get("/settings").text and not names_shown()
    assert ana.client.submit("/settings/lock-screen", names="1").location == "/settings"
    assert 'aria-checked="false"' in ana.client.get("/settings").text and names_shown()
    ana.client.submit("/settings/lock-screen", names="0")
    assert not names_shown()


def test_a_test_nudge_is_made_once_and_said_to_be_on_its_way(app: Flask, ana: Person, phone: UUID) -> None:
    for _ in range(2):
        answer = ana.client.submit("/settings/test-nudge")
        assert answer.location == "/settings?sent=1"
    page = ana.client.get(answer.location).text
    assert "A test nudge is on its way" in page and "Last seen on this phone: Today" in page
    with app.app_context():
        assert ana.account_id is not None
        assert [nudge.kind for nudge in nudges.open_of_account(ana.account_id)].count("test") == 1


def test_everything_known_of_a_parent_can_be_changed(app: Flask, ana: Person) -> None:
    answer = ana.client.submit(f"/parents/{ana.parent_id}", **PORTRAIT)
    assert answer.location == "/settings"
    parent = parent_of(app, ana)
    assert (parent.name, parent.pronouns, parent.rhythm_days, parent.room) == ("Mum", "they", 14, "blush")
    assert (parent.interests, parent.likes, parent.distance, parent.channel) == (
        ["cooking"],
        "pickles",
        "long_way",
        "call",
    )
    assert parent.mantel == "teapot"


def test_no_reminder_is_a_rhythm_too_and_a_name_may_be_taken_away(app: Flask, ana: Person) -> None:
    ana.client.submit(f"/parents/{ana.parent_id}", **{**PORTRAIT, "rhythm_days": "0", "name": ""})
    parent = parent_of(app, ana)
    assert (parent.rhythm_days, parent.name) == (None, None)


def test_a_parents_page_shows_private_words_and_is_not_kept_by_the_browser(ana: Person) -> None:
    ana.client.submit(f"/parents/{ana.parent_id}", **PORTRAIT)
    page = ana.client.get(f"/parents/{ana.parent_id}")
    assert "pickles" in page.text and page.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "x" * 61, "That name is long"),
        ("pronouns", "it", "Pick one of these"),
        ("rhythm_days", "5", "Pick how often"),
        ("rhythm_days", "x", "Pick how often"),
        ("room", "gold", "Pick one of these"),
        ("distance", "moon", "Pick one of these"),
        ("channels", "pigeon", "Pick any of these"),
        ("likes", "x" * 2_001, "longer than fits"),
        ("bad_times", "a\x07", "cannot be kept"),
    ],
)
def test_a_parents_page_refuses_what_makes_no_sense_and_loses_nothing(
    app: Flask, ana: Person, field: str, value: str, sentence: str
) -> None:
    answer = ana.client.submit(f"/parents/{ana.parent_id}", **{**PORTRAIT, field: value})
    assert answer.status_code == 422 and sentence in answer.text
    assert ("pickles" if field != "likes" else value) in answer.text
    assert parent_of(app, ana).room == "sage"


def test_signing_out_forgets_the_session_and_the_cookie(app: Flask, ana: Person) -> None:
    assert "this phone holds the only key" in ana.client.get("/settings/sign-out").text
    answer = ana.client.submit("/settings/sign-out")
    assert answer.location == "/"
    assert answer.headers["Clear-Site-Data"] == '"storage"'
    assert ana.client.get_cookie(COOKIE) is None
    with app.app_context():
        assert sessions.get(UUID(str(ana.session_id))) is None
        assert accounts.count() == 1


def test_deleting_everything_leaves_no_row_behind(app: Flask, ana: Person, ben: Person) -> None:
    ana.client.submit("/moments", kind="call", by="you", day="today", note="x")
    ana.client.submit("/steps/perspective/longer-view", friend="x")
    ana.client.submit(f"/parents/{ana.parent_id}/snooze")
    ana.client.submit(f"/parents/{ana.parent_id}/stop")
    ana.client.submit("/settings/pause")
    with app.app_context():
        before = {table.name: count(table) for table in db.metadata.sorted_tables}
    assert ana.client.submit("/settings/account/deletion").location == "/"
    assert ana.client.get("/settings", headers={"Accept": "text/html"}).location == "/"
    with app.app_context():
        left = {table.name: count(table) for table in db.metadata.sorted_tables}
    assert before["moment"] == before["perspective"] == before["stop"] == before["pause"] == 1
    assert left["account"] == left["session"] == left["parent"] == left["round"] == 1  # Ben's
    assert left["moment"] == left["perspective"] == left["stop"] == left["pause"] == left["snooze"] == left["tick"] == 0
    assert ben.client.get("/").status_code == 200


def count(table: object) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0  # type: ignore[arg-type]
