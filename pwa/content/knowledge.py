"""All that is known of words, put together: the lexicon, limits.toml, polarity.toml, known words and places."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from functools import lru_cache
from typing import Any

import snowballstemmer

from pwa.content.compiled import compiled, sources
from pwa.content.files import parse
from pwa.content.interests import Interests
from pwa.content.lexicon import phrases_in
from pwa.content.limits import limits_in
from pwa.content.polarity import place_words_in, polarity_in, words_in
from pwa.domain.stems import gentle
from pwa.domain.understanding import Knowledge

KNOWN, PLACES, POLARITY, LIMITS = "words/known.txt", "places/places.tsv", "polarity.toml", "limits.toml"

_LETTERS = re.compile("[a-z]{4,}")


def knowledge(interests: Interests, flags: Collection[str]) -> Knowledge:
    """Raises ContentError for a file that cannot be used, by its name, line and reason."""
    lexicons = [f"lexicon/{group.key}.txt" for group in interests.groups]
    read = sources(*lexicons, KNOWN, PLACES, POLARITY, LIMITS, "interests.toml")
    texts = [each.decode("utf-8") for each in read]
    files = list(zip(lexicons, texts, strict=False))
    stem = stemmer()
    known, places, *tables = texts[len(files) : -1]
    made = compiled("words", read, lambda: _make(files, known, places, interests.by_key))
    words, limits = (parse(name, text) for name, text in zip((POLARITY, LIMITS), tables, strict=True))
    return Knowledge(
        phrases=made["phrases"],
        polarity=polarity_in(words, interests.by_key),
        rules=limits_in(limits, flags),
        known=frozenset(made["known"]),
        spelled=frozenset(made["spelled"])
        | {stem(word) for word in words_in(words) | set(_LETTERS.findall(tables[1]))},
        meant=made["meant"],
        places=made["places"],
        place_words=place_words_in(words),
        labels={key: interest.label for key, interest in interests.by_key.items()},
        active=interests.active(),
        stem=stem,
    )


def stemmer() -> Callable[[str], str]:
    """A word's stem, remembered: words come again and again."""
    return lru_cache(maxsize=20_000)(gentle(snowballstemmer.stemmer("english").stemWord))


def _make(files: list[tuple[str, str]], known: str, places: str, interests: Collection[str]) -> dict[str, Any]:
    phrases, spelled, meant = phrases_in(files, interests, stemmer())
    return {
        "phrases": phrases,
        "spelled": spelled,
        "meant": meant,
        "known": known.split(),
        "places": dict(_place(line) for line in places.splitlines()),
    }


def _place(line: str) -> tuple[str, tuple[str, float, float]]:
    name, country, latitude, longitude = line.split("\t")
    return name, (country, float(latitude), float(longitude))
