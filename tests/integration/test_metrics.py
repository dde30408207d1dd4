"""What whoever watches the server is told, who that is, and what is never in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from pwa import settings as settings_module
from pwa.push import endpoints
from pwa.push.outcome import Outcome, not_tried
from pwa.services import answering, folding
from pwa.settings import Misconfigured, Settings
from pwa.storage import database, heartbeats, nudges, push_days
from tests.conftest import make_app
from tests.support.nudged import Office
from tests.support.people import Client, Clock, Person

TOKEN = "a-token-for-the-tests"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
Watch = Callable[[], dict[str, float]]


@pytest.fixture
def watcher(settings: Settings, clock: Clock, shared_folder: Path) -> Iterator[Client]:
    """Somebody at a server whose metrics are switched on."""
    app = make_app(replace(settings, metrics=TOKEN), clock, shared_folder)
    yield app.test_client()  # type: ignore[misc]
    with app.app_context():
        database.db.engine.dispose()


@pytest.fixture
def watch(watcher: Client) -> Watch:
    """The figures as Prometheus reads them: name with labels → value."""

    def read() -> dict[str, float]:
        answer = watcher.get("/metrics", headers=BEARER)
        assert answer.status_code == 200
        samples = [one for family in text_string_to_metric_families(answer.text) for one in family.samples]
        return {" ".join((one.name, *one.labels.values())): one.value for one in samples}

    return read


def test_unless_it_is_switched_on_it_is_not_there(client: Client, ana: Person) -> None:
    for whose in (client, ana.client):
        assert whose.get("/metrics").status_code == 404
        assert whose.get("/metrics", headers=BEARER).status_code == 404
        assert whose.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


@pytest.mark.parametrize(
    "given", ["", "Bearer", "Bearer ", "Bearer wrong", f"Bearer {TOKEN}x", f"Basic {TOKEN}", "Bearer é"]
)
def test_without_the_token_it_stays_shut(watcher: Client, given: str) -> None:
    answer = watcher.get("/metrics", headers={"Authorization": given} if given else {})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].lower().startswith("bearer")
    assert "rekindle_" not in answer.text


def test_with_the_token_it_is_prometheus_text_and_kept_by_nobody(watcher: Client) -> None:
    answer = watcher.get("/metrics", headers=BEARER)
    assert answer.status_code == 200
    assert answer.content_type.startswith("text/plain; version=0.0.4")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers


def test_nudges_are_counted_by_where_they_stand(office: Office, ana: Person, watch: Watch) -> None:
    device = office.switch_on(ana)
    office.plan(ana)
    office.at_due(ana)
    answering.acknowledge(office.tokens, office.token(device), office.clock.now)
    office.at_due(ana)
    found = watch()
    assert {name: found[f"rekindle_nudges_ended {name}"] for name in ("shown", "accepted", "expired")} == {
        "shown": 1, "accepted": 1, "expired": 0
    }  # fmt: skip
    assert (found["rekindle_nudges_open"], found["rekindle_nudges_unaccounted"]) == (1, 0)
    assert (found["rekindle_devices"], found["rekindle_oldest_due_seconds"]) == (1, 0)
    folding.fold(office.clock.now + timedelta(days=400))
    assert watch() == found, "folding changes nothing"


def test_the_oldest_that_is_due_has_an_age_and_a_dead_worker_is_told_of(
    office: Office, ana: Person, watch: Watch
) -> None:
    nudge = office.plan(ana)
    assert nudge is not None
    for minutes in (1, 5):
        office.clock.now = nudge.due_at + timedelta(minutes=minutes)
        with database.transaction():
            assert nudges.claim(office.clock.now, "dead", timedelta(minutes=2))
    found = watch()
    assert (found["rekindle_oldest_due_seconds"], found["rekindle_leases_recovered_total"]) == (300, 1)


def test_workers_alive_are_counted(office: Office, clock: Clock, watch: Watch) -> None:
    for worker, silent_for in (("one", 5), ("two", 80), ("dead", 100)):
        with database.transaction():
            heartbeats.save(worker, clock.now - timedelta(seconds=silent_for))
    assert watch()["rekindle_workers"] == 2


def test_what_push_services_answered_is_counted_each_time(office: Office, ana: Person, watch: Watch) -> None:
    office.switch_on(ana)
    office.plan(ana)
    office.answers = [Outcome("retry", 503), not_tried(30), Outcome("retry", None), Outcome("accepted", 201)]
    office.at_due(ana)
    for _ in range(3):
        office.at_due(ana)
    told = {name: value for name, value in watch().items() if name.startswith("rekindle_deliveries")}
    assert told == {f"rekindle_deliveries_total {answer} other": 1 for answer in ("2xx", "5xx", "none")}


def test_days_add_up(office: Office, clock: Clock) -> None:
    for _ in range(2):
        with database.transaction():
            push_days.add(clock.now.date(), {("other", "2xx"): 2, ("push.apple.com", "4xx"): 1})
        with database.transaction():
            push_days.add(clock.forward(days=1).date(), {("other", "2xx"): 1})
    assert push_days.totals() == {("other", "2xx"): 6, ("push.apple.com", "4xx"): 2}


@pytest.mark.parametrize(
    ("endpoint", "service"),
    [
        ("https://fcm.googleapis.com/fcm/send/x", "fcm.googleapis.com"),
        ("https://updates.push.services.mozilla.com/wpush/v2/x", "push.services.mozilla.com"),
        ("https://wns2-by3p.notify.windows.com/w/?token=x", "notify.windows.com"),
        ("https://evilfcm.googleapis.com/x", "other"),
        ("https://fcm.googleapis.com:8443/x", "other"),
        ("https://push.somebodys-name.example/fcm.googleapis.com", "other"),
    ],
)
def test_only_known_services_are_named(endpoint: str, service: str) -> None:
    assert endpoints.service_of(endpoint) == service


def test_a_token_that_can_be_guessed_is_refused() -> None:
    secrets = {f"REKINDLE_{name.upper()}": "A" * 43 for name in settings_module.SECRETS}
    for poor in ("1", "x" * 15, "with spaces in it all", "späte Gäste im Haus"):
        with pytest.raises(Misconfigured, match="METRICS"):
            settings_module.load({**secrets, "REKINDLE_METRICS": poor})
    found = settings_module.load({**secrets, "REKINDLE_METRICS": TOKEN})
    assert found.metrics == TOKEN
    assert TOKEN not in repr(found)
