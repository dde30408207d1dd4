"""Help: for everyone, by country, dated; and a stop that silences everything about a parent until it is taken back."""

from __future__ import annotations

import pytest
from flask import Flask

from pwa.storage import nudges, pauses
from tests.support.people import Client, Person


@pytest.mark.parametrize(
    ("language", "asked", "number"),
    [("en-CA", "", "tel:211"), ("en-GB", "", "tel:999"), ("de-DE", "", "tel:112"), ("en", "?country=US", "tel:988")],
)
def test_the_lines_are_those_of_the_readers_country(client: Client, language: str, asked: str, number: str) -> None:
    page = client.get(f"/help{asked}", headers={"Accept-Language": language}).text
    assert number in page and "last looked up on" in page


@pytest.mark.parametrize("country", ["", "XX", "x" * 3_000, "%00", "<script>"])
def test_an_unknown_country_shows_what_is_true_anywhere(client: Client, country: str) -> None:
    answer = client.get("/help", query_string={"country": country})
    assert answer.status_code == 200
    assert "Someone you trust" in answer.text and "tel:" not in answer.text


def test_a_stop_is_made_once_silences_and_is_taken_back(app: Flask, ana: Person) -> None:
    assert "Stop here, for Mom" in ana.client.get("/help").text
    for _ in range(2):
        assert ana.client.submit(f"/parents/{ana.parent_id}/stop").location == "/help"
    page = ana.client.get("/help").text
    assert "Then we stop here" in page and "The nudges are off" in page
    with app.app_context():
        assert ana.parent_id is not None and ana.account_id is not None
        assert pauses.find_stop(ana.parent_id) is not None
        assert nudges.open_of_account(ana.account_id) == []
    assert ana.client.submit(f"/parents/{ana.parent_id}/stop/undo").location == "/"
    with app.app_context():
        assert pauses.find_stop(ana.parent_id) is None
        assert len(nudges.open_of_account(ana.account_id)) == 1
