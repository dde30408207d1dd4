"""polarity.toml: how words say that a parent likes a thing or doesn't, whose liking it is, and whose place a place."""

from __future__ import annotations

from collections.abc import Collection

from pwa.content.files import Table
from pwa.domain import cues
from pwa.domain.cues import PolarityWords
from pwa.domain.places import PlaceWords

# What each list of cues does; of two of the same words the one further up counts.
CUES = {
    "protected": cues.PROTECTED,
    "neutral": cues.QUIET,
    "dislikes_after": cues.AFTER,
    "dislikes_last": cues.LAST,
    "dislikes": cues.DISLIKE,
    "likes": cues.LIKE,
    "inability": cues.INABILITY,
    "contrast": cues.CONTRAST,
    "negators": cues.NOT,
}
WORDS = (
    "joints", "ends", "list_ends", "its", "fillers", "selves", "shared", "she", "he", "step", "others", "possessives",
    "describing", "gone", "grand", "objects", "after_objects", "named", "descriptive",
)  # fmt: skip


def polarity_in(file: Table, interests: Collection[str]) -> PolarityWords:
    found: dict[str, list[tuple[tuple[str, ...], int]]] = {}
    for field, does in CUES.items():
        for phrase in _listed(file, field):
            words = tuple(phrase.split())
            found.setdefault(" ".join(words[:2]), []).append((words, does))
    return PolarityWords(
        cues={first: sorted(each, key=lambda cue: -len(cue[0])) for first, each in found.items()},
        wholes=_means(file.table("wholes"), interests),
        alone={word: means[0] for word, means in _means(file.table("alone"), interests).items()},
        **{name: frozenset(_listed(file, name)) for name in WORDS},
    )


def place_words_in(file: Table) -> PlaceWords:
    table = file.table("places")
    return PlaceWords(**{name: frozenset(_listed(table, name)) for name in ("own", "theirs", "there", "elsewhere")})


def words_in(file: Table) -> frozenset[str]:
    """Every single word of the file: none of them is a slip."""
    return frozenset(word for field in (*CUES, *WORDS) for phrase in _listed(file, field) for word in phrase.split())


def _means(table: Table, interests: Collection[str]) -> dict[str, tuple[str, ...]]:
    means = {phrase: _listed(table, phrase) for phrase in table.fields}
    for phrase, meant in means.items():
        for interest in meant:
            if interest not in interests:
                raise table.fault(phrase, f"has no such interest: {interest}")
    return means


def _listed(table: Table, field: str) -> tuple[str, ...]:
    """Phrases with commas between them."""
    phrases = tuple(" ".join(phrase.split()) for phrase in table.text(field).split(","))
    if not all(phrases):
        raise table.fault(field, "has a comma with nothing before or after it")
    return phrases
