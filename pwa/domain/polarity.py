"""Which words speak of liking, which of the opposite, and which of somebody else's liking altogether."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pwa.domain.cues import AFTER, CONTRAST, DISLIKE, INABILITY, LIKE, NOT, PROTECTED, QUIET, PolarityWords, cue
from pwa.domain.texts import COLON, COMMA, Text

LIKED, NEUTRAL, DISLIKED, OTHERS = 1, 0, -1, 2
# Whose taste is told.
PARENTS, WRITERS, STRANGERS = range(3)

# How many words a "not" reaches to turn a liking round, and how many it speaks against; how long an item of a list is.
REACH, NOT_REACH, LONGEST_ITEM = 3, 8, 4
# How many words after "cannot" are what cannot be done.
UNABLE_REACH = 5
# How many clauses "it" looks back over.
MOST_CLAUSES = 3
# How many words may describe somebody before they are named: "her late and much missed husband".
DESCRIBED = 3


@dataclass(frozen=True)
class Polarity:
    """One sign a word; the words from which an inability speaks; and those that are said of somebody else."""

    signs: tuple[int, ...]
    unable: frozenset[int]
    strangers: frozenset[int]


def polarity(text: Text, words: PolarityWords, she: bool | None = None) -> Polarity:
    """`she`: whether the parent is a mother; None where nobody knows but the text."""
    reader = _Reader(text, words, _is_mother(text, words) if she is None else she)
    before = range(0)
    for sentence in text.sentences():
        reader.sentence(sentence)
        reader.answer(before, sentence)
        reader.described(sentence)
        before = sentence
    return Polarity(tuple(reader.signs), frozenset(reader.unable), frozenset(reader.strangers))


def _is_mother(text: Text, words: PolarityWords) -> bool | None:
    """The parent is of the gender that is named most, the dead left out; the first named, where that is even."""
    counts, first = {True: 0, False: 0}, None
    for place, word in enumerate(text.words):
        if word.folded in words.step or not (word.folded in words.she or word.folded in words.he):
            continue
        after = [each.folded for each in text.words[place + 1 : place + 4]]
        is_she = word.folded in words.she
        if any(" ".join(after[:length]) in words.gone for length in (1, 2, 3)):
            counts[not is_she] += 2
            continue
        first = is_she if first is None else first
        counts[is_she] += 1
    return first if counts[True] == counts[False] else counts[True] > counts[False]


class _Reader:
    """Goes through a text once, word by word."""

    def __init__(self, text: Text, words: PolarityWords, she: bool | None) -> None:
        self.text, self.words = text, words
        nobody = frozenset[str]()
        self.parent = nobody if she is None else (words.she if she else words.he)
        self.other = nobody if she is None else (words.he if she else words.she)
        named = any(word.folded in self.parent - words.step for word in text.words)
        self.parent = self.parent - words.step if named else self.parent
        self.other = self.other | words.step if named else self.other
        self.people = words.she | words.he | words.others | {"i"}
        self.namely = words.fillers | words.its | words.selves | self.people
        self.signs = [NEUTRAL] * len(text.words)
        self.unable: set[int] = set()
        self.strangers: set[int] = set()

    def sentence(self, sentence: range) -> None:
        """`clauses`: where they begin; `whose`: who this is said of; `headed`: "Hates: …"."""
        sign, whose, negated_at = NEUTRAL, PARENTS, -NOT_REACH
        clauses, place, headed = [sentence.start], sentence.start, NEUTRAL
        while place < sentence.stop:
            if self.text.words[place].before == COMMA and place > sentence.start:
                sign, negated_at = headed or self._over_comma(place, sentence, sign), -NOT_REACH
                clauses.append(place)
            elif place > sentence.start and self.text.words[place].before == COLON:
                headed = sign
                clauses.append(place)
            elif place > sentence.start and self._joins(place, sentence):
                clauses.append(place)
            length, does = self._cue(place, sentence)
            if sign == DISLIKED and (self._ends(place, clauses[-1], does) or place - negated_at == NOT_REACH):
                sign = NEUTRAL
            whose = self._whose(place, sentence, whose, starts=place == clauses[-1])
            sign, negated_at = self._act(does, place, sign, negated_at)
            self._mark(range(place, place + length), OTHERS if whose else sign)
            if whose == STRANGERS:
                self.strangers.update(range(place, place + length))
            if does in (LIKE, DISLIKE, AFTER, NOT):
                self._look_back(does, place, place + length, clauses, sentence, sign)
            if does == INABILITY:
                self._cannot(range(place + length, sentence.stop))
            place += length

    def described(self, sentence: range) -> None:
        """What is said of somebody else in passing: "my deaf brother" tells of no deafness of the parent."""
        for place in sentence:
            if self.text.words[place].folded in self.words.others:
                before = range(max(sentence.start, place - DESCRIBED), place)
                owned = [i for i in before if self.text.words[i].folded in self.words.possessives]
                self.strangers.update(range(owned[0], place) if owned else ())

    def _cannot(self, after: range) -> None:
        for place in after[:UNABLE_REACH]:
            if self.text.words[place].before or self._cue(place, after)[1] == CONTRAST:
                break
            self.unable.add(place)

    def answer(self, question: range, sentence: range) -> None:
        """ "Opera? No." """
        short = len(question) <= LONGEST_ITEM and len(sentence) <= REACH
        if not short or not question or not all(self._is_filler(place, sentence) for place in sentence):
            return
        if any(self._cue(place, sentence)[1] in (NOT, AFTER) for place in sentence):
            self._mark(question, DISLIKED)

    def _act(self, does: int | None, place: int, sign: int, negated_at: int) -> tuple[int, int]:
        """The sign from here on, and where the last "not" stood."""
        never = -NOT_REACH
        negated = place - negated_at <= REACH
        if does == PROTECTED:
            return LIKED, never
        if does in (QUIET, CONTRAST):
            return NEUTRAL, never
        if does == INABILITY:
            return NEUTRAL, place
        if does == NOT:
            is_double = self.text.words[place].folded == "without" and place - negated_at < NOT_REACH
            return (LIKED, never) if is_double else (DISLIKED, place)
        if does == LIKE:
            return (DISLIKED if negated else LIKED), never
        if does == DISLIKE:
            return (NEUTRAL if negated else DISLIKED), never
        return sign, negated_at

    def _cue(self, place: int, sentence: range) -> tuple[int, int | None]:
        return cue(self.text, place, sentence.stop, self.words)

    def _ends(self, place: int, clause: int, does: int | None) -> bool:
        """Whether what was liked or disliked ends here: at "because", or where a new "and she …" begins."""
        folded = self.text.words[place].folded
        is_new = place == clause > 0 and self.text.words[place - 1].folded == "and" and folded in self.parent
        return folded in self.words.ends or (is_new and does is None)

    def _over_comma(self, place: int, sentence: range, sign: int) -> int:
        """A dislike goes on over a comma only inside a list that "and" or "or" closes."""
        if sign != DISLIKED:
            return sign
        item = 0
        for i in range(place, sentence.stop):
            folded = self.text.words[i].folded
            item = 1 if self.text.words[i].before == COMMA else item + 1
            if folded in self.words.list_ends:
                return DISLIKED
            if item > LONGEST_ITEM or folded in self.parent or self._cue(i, sentence)[1] is not None:
                return NEUTRAL
        return NEUTRAL

    def _look_back(self, does: int, place: int, end: int, clauses: Sequence[int], sentence: range, sign: int) -> None:
        """A judgement on what was named before: "golf bores him", "tried yoga and hated it", "opera? no"."""
        if does == AFTER:
            sign = DISLIKED
        elif not self._means_it(does, end, sentence):
            return
        stop = place
        for start in reversed(clauses[-MOST_CLAUSES:]):
            stretch = range(start, stop)
            if any(not self._is_filler(i, sentence) for i in stretch):
                self._mark(stretch, sign)
                self.strangers.difference_update(stretch)
                return
            stop = min(stop, start)

    def _means_it(self, does: int, end: int, sentence: range) -> bool:
        """Whether the cue that ends before `end` speaks of an "it": not "hates it when", not "loves that show"."""
        if does == NOT or end >= sentence.stop or self.text.words[end].folded not in self.words.its:
            return False
        after = self.text.words[end + 1] if end + 1 < sentence.stop else None
        is_last = after is None or after.before == COMMA or after.folded in self.words.fillers
        return is_last or (after is not None and after.folded in self.words.joints - {"when", "if", "that", "as"})

    def _is_filler(self, place: int, sentence: range) -> bool:
        folded = self.text.words[place].folded
        return folded in self.namely or self._cue(place, sentence)[1] is not None

    def _whose(self, place: int, sentence: range, whose: int, *, starts: bool) -> int:
        folded = self.text.words[place].folded
        if self._is_grandparent(place, sentence):
            return STRANGERS
        if folded in self.parent or folded in self.words.shared or self._is_object(place, sentence):
            return PARENTS
        if not starts:
            return whose
        if self._names_other(place, sentence):
            return STRANGERS
        if folded in self.words.selves and self._is_writers(place, sentence):
            return WRITERS
        return whose if whose == STRANGERS and folded not in self.words.selves else PARENTS

    def _joins(self, place: int, sentence: range) -> bool:
        """Whether a clause begins here: after a joint that does not join two people."""
        before = self.text.words[place - 1].folded
        if before not in self.words.joints and self._cue(place - 1, sentence)[1] != CONTRAST:
            return False
        pair = place - 2
        return not (before == "and" and pair >= sentence.start and self.text.words[pair].folded in self.people)

    def _is_writers(self, place: int, sentence: range) -> bool:
        """Whether the writer tells of a taste of their own: "I love", but not "I would love to"."""
        for i in range(place + 1, min(place + 4, sentence.stop)):
            length, does = self._cue(i, sentence)
            if does in (LIKE, DISLIKE):
                return i + length >= sentence.stop or self.text.words[i + length].folded != "to"
        return False

    def _is_grandparent(self, place: int, sentence: range) -> bool:
        """ "Her mother", "his late dad"."""
        before = [word.folded for word in self.text.words[max(sentence.start, place - 2) : place]]
        is_parent = self.text.words[place].folded in self.words.she | self.words.he
        described = before[-1:] and before[-1] in self.words.describing
        return is_parent and not self.words.grand.isdisjoint(before if described else before[-1:])

    def _is_object(self, place: int, sentence: range) -> bool:
        """Whether something is done with the parent here: "got her into bowls", "takes him to the club"."""
        if self.text.words[place].folded not in self.words.objects or place + 1 >= sentence.stop:
            return False
        after = self.text.words[place + 1].folded
        return after in self.words.after_objects or after.endswith("ing")

    def _names_other(self, place: int, sentence: range) -> bool:
        """Whether a clause that begins at `place` is about somebody else: "her late husband", but not "dad and mum"."""
        for i in range(place, min(place + DESCRIBED + 1, sentence.stop)):
            folded = self.text.words[i].folded
            if folded in self.words.others or folded in self.other:
                return i + 1 == sentence.stop or self.text.words[i + 1].folded not in ("and", "or")
            if folded not in self.words.possessives and folded not in self.words.describing:
                return False
        return False

    def _mark(self, places: range, sign: int) -> None:
        for place in places:
            self.signs[place] = sign
            if sign != OTHERS:
                self.strangers.discard(place)
