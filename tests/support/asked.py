"""Questions for tests: one of no great demands, changed by what the test is about."""

from __future__ import annotations

from typing import Any

from pwa.domain.questions import Question, Wants


def question(key: str, **other: Any) -> Question:
    plain: dict[str, Any] = {
        "text": f"{key}?",
        "follow_up": "And then?",
        "group": "now",
        "depth": 1,
        "interests": (),
        "fits": frozenset({"call", "together"}),
        "dads": True,
    }
    return Question(key=key, **{**plain, **other})


def wants(**other: Any) -> Wants:
    plain: dict[str, Any] = {
        "interests": {},
        "kin": {},
        "disliked": frozenset(),
        "places": ("together", "photographs"),
        "dad": False,
        "deepest": 3,
        "shown": {},
        "kept": frozenset(),
        "aside": frozenset(),
        "seed": "a family",
    }
    return Wants(**{**plain, **other})
