"""Forms of a word meet under one stem; other words do not."""

from __future__ import annotations

import pytest

from pwa.content.knowledge import stemmer


@pytest.mark.parametrize(
    "forms",
    [
        "bake bakes baking baked", "garden gardens gardening gardener gardeners", "knit knits knitting knitted", "family families",
        "story stories", "swim swims swimming", "puzzle puzzles", "activity activities", "decorate decorates decorating decorated",
    ],
)  # fmt: skip
def test_forms_of_a_word_have_one_stem(forms: str) -> None:
    assert len({stemmer()(form) for form in forms.split()}) == 1


@pytest.mark.parametrize(
    "words",
    [
        "beauty beautiful", "cheers cheerful", "conserve conservative", "author authority", "organ organic", "organ organise",
        "collect collection", "devoted devotional", "general generous", "news new", "evening even", "bus busy",
    ],
)  # fmt: skip
def test_other_words_do_not(words: str) -> None:
    one, other = words.split()
    assert stemmer()(one) != stemmer()(other)
