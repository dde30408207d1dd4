"""Metrics: how the whole server does, for whoever watches it (Prometheus). Counts alone; nothing in them is anybody's."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, Response, abort, request
from flask.typing import ResponseReturnValue
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Unauthorized

from pwa.domain.ledger import Place
from pwa.services import balancing
from pwa.services.balancing import Balance
from pwa.storage import heartbeats, push_days, subscriptions
from pwa.web import access
from pwa.web.shell import WORKER_SILENT_FOR

blueprint = Blueprint("metrics", __name__)


@blueprint.get("/metrics")
def show() -> ResponseReturnValue:
    """404 unless switched on; then for those who bear the token."""
    token = access.settings().metrics
    if not token:
        abort(404)
    given = request.authorization.token if request.authorization else None
    if not hmac.compare_digest((given or "").encode(), token.encode()):
        raise Unauthorized(www_authenticate=WWWAuthenticate("bearer"))
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Figures(access.now()))
    response = Response(generate_latest(registry), content_type=CONTENT_TYPE_PLAIN_0_0_4)
    response.headers["Cache-Control"] = "no-store"
    return response


@dataclass(frozen=True)
class _Figures(Collector):
    """All from the database, so that each web server says the same."""

    now: datetime

    def describe(self) -> Iterable[Metric]:
        return ()

    def collect(self) -> Iterator[Metric]:
        yield from _nudges(balancing.balance(self.now), self.now)
        yield _deliveries(push_days.totals())
        yield GaugeMetricFamily("rekindle_devices", "Devices that nudges are on for.", subscriptions.count_all())
        alive = heartbeats.count_since(self.now - WORKER_SILENT_FOR)
        yield GaugeMetricFamily("rekindle_workers", "Workers that have given a sign of life just now.", alive)


def _nudges(found: Balance, now: datetime) -> Iterator[Metric]:
    ended = GaugeMetricFamily(
        "rekindle_nudges_ended", "Nudges by how they ended; one that was accepted may still be shown.", labels=["end"]
    )
    for place in Place:
        if place is not Place.OPEN:
            ended.add_metric([place.value], found.places[place])
    yield ended
    yield GaugeMetricFamily("rekindle_nudges_open", "Nudges not due yet, or being tried.", found.places[Place.OPEN])
    yield GaugeMetricFamily(
        "rekindle_nudges_unaccounted", "Nudges that stand nowhere; anything but 0 is a fault.", found.unaccounted
    )
    age = (now - found.oldest_due_at).total_seconds() if found.oldest_due_at else 0
    yield GaugeMetricFamily("rekindle_oldest_due_seconds", "How long the oldest nudge that is due has been so.", age)
    yield CounterMetricFamily("rekindle_leases_recovered", "Leases taken over from workers that died.", found.recovered)


def _deliveries(totals: Mapping[tuple[str, str], int]) -> Metric:
    family = CounterMetricFamily(
        "rekindle_deliveries", "What push services answered, by the class of the status.", labels=["service", "answer"]
    )
    for key, total in sorted(totals.items()):
        family.add_metric(key, total)
    return family
