"""Every content file is what its schema says, and a broken one is refused by name of file and field."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from pwa import content
from pwa.content.devices import devices_in
from pwa.content.drafts import drafts_in
from pwa.content.files import ContentError, Table, parse
from pwa.content.five_steps import steps_in
from pwa.content.flags import flags_in
from pwa.content.hearth import hearth_in
from pwa.content.help import help_in
from pwa.content.interests import interests_in
from pwa.content.limits import limits_in
from pwa.content.longer_view import perspective_in
from pwa.content.next_things import next_things_in
from pwa.content.nudges import nudges_in
from pwa.content.polarity import place_words_in, polarity_in
from pwa.content.replies import replies_in
from pwa.content.setup_questions import setup_in
from pwa.content.tailoring import tailoring_in
from pwa.content.tone import tone_in

FOLDER = Path(content.__file__).parent
FILES = sorted(path.stem for path in FOLDER.glob("*.toml"))
LOADERS: dict[str, Callable[[Table], object]] = {
    "steps": steps_in,
    "devices": devices_in,
    "drafts": drafts_in,
    "flags": flags_in,
    "tailoring": tailoring_in,
    "hearth": hearth_in,
    "help": help_in,
    "interests": interests_in,
    "limits": lambda file: limits_in(file, content.flags()),
    "next_things": next_things_in,
    "nudges": nudges_in,
    "perspective": perspective_in,
    "polarity": lambda file: (polarity_in(file, content.interests().by_key), place_words_in(file)),
    "replies": replies_in,
    "setup": setup_in,
    "tone": lambda file: tone_in(file, ()),
}

GAMES = {"key": "games", "label": "Games", "picture": "cards", "paint": "sage"}
CHESS = {"key": "chess", "label": "Chess", "group": "games"}


def fields_of(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def every_place(value: Any, way: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """The way to every field, however deep."""
    rows = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place for key, under in rows for place in [(*way, key), *every_place(under, (*way, key))]]


def test_every_file_has_a_schema_and_a_loader() -> None:
    assert sorted(path.stem for path in (FOLDER / "schema").glob("*.json")) == sorted([*FILES, "questions"])
    assert set(FILES) == set(LOADERS)


@pytest.mark.parametrize("name", FILES)
def test_a_file_passes_its_schema(name: str) -> None:
    schema = json.loads((FOLDER / "schema" / f"{name}.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    plain = json.loads(json.dumps(fields_of(name), default=lambda day: day.isoformat()))
    faults = [f"{fault.json_path}: {fault.message}" for fault in Draft202012Validator(schema).iter_errors(plain)]
    assert faults == []


def test_all_files_can_be_read_at_once() -> None:
    content.check()


@pytest.mark.parametrize("name", FILES)
def test_a_text_that_turned_into_something_else_is_named(name: str) -> None:
    """Every single text of every file, one after another, made a number."""
    for place in every_place(fields_of(name)):
        fields = fields_of(name)
        holder: Any = fields
        for key in place[:-1]:
            holder = holder[key]
        if not isinstance(holder[place[-1]], str):
            continue
        holder[place[-1]] = 7
        with pytest.raises(ContentError) as refused:
            LOADERS[name](Table(f"{name}.toml", fields))
        named = next(key for key in reversed(place) if isinstance(key, str))
        assert str(refused.value).startswith(f"{name}.toml ")
        assert named in str(refused.value)


@pytest.mark.parametrize(
    ("name", "fields", "sentence"),
    [
        ("steps", {}, "steps.toml steps is missing"),
        ("steps", {"steps": []}, "steps.toml steps is not a list of tables"),
        ("steps", {"steps": [{"key": " "}]}, "steps.toml steps[0].key is empty"),
        (
            "steps",
            {"steps": [{"key": "reach_out", "tasks": [{"key": "follow_up.x"}]}]},
            "steps.toml steps[0].tasks[0].key does not begin with reach_out.",
        ),
        ("hearth", {"states": [{"fire": True}]}, "hearth.toml states[0].fire is not a number"),
        ("help", {"checked_on": "2026-11-22"}, "help.toml checked_on is not a date"),
        (
            "interests",
            {"groups": [GAMES], "interests": [CHESS, CHESS]},
            "interests.toml interests[1] has the key of another: chess",
        ),
        (
            "interests",
            {"groups": [GAMES], "interests": [{**CHESS, "label": "Chess for {mom}"}]},
            "interests.toml interests[0].label cannot be spoken: {mom} is nothing that can be filled in",
        ),
    ],
)
def test_a_fault_is_told_by_file_and_field(name: str, fields: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ContentError) as refused:
        LOADERS[name](Table(f"{name}.toml", fields))
    assert str(refused.value) == sentence


def test_a_file_that_is_not_toml_is_named() -> None:
    with pytest.raises(ContentError, match=r"^steps\.toml is not TOML: "):
        parse("steps.toml", "steps = [")


@pytest.mark.parametrize("name", ["steps", "next_things", "hearth", "nudges"])
def test_a_file_that_leaves_out_a_key_of_the_rules_is_refused(name: str) -> None:
    fields = fields_of(name)
    rows = next(rows for rows in fields.values() if isinstance(rows, list))
    del rows[0]
    with pytest.raises(ContentError, match=rf"^{name}\.toml "):
        LOADERS[name](Table(f"{name}.toml", fields))


def test_the_help_lines_were_looked_up_before_today() -> None:
    assert date(2026, 11, 1) <= content.help_words().checked_on <= date.today()
