"""Forms: what people type and choose, read into typed values, each fault a sentence beside its field."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection, Iterable
from datetime import date
from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.validators import ValidationError

from pwa import content
from pwa.domain import dates
from pwa.domain.errors import Invalid
from pwa.domain.parents import guess_pronouns, parent_name
from pwa.domain.persistence import MOST_FOLLOW_UPS
from pwa.domain.quiet import QuietHours
from pwa.domain.rhythm import rhythm
from pwa.services.reflecting import LongerView
from pwa.services.setting_up import Likes, Naming, Nearness, Portrait
from pwa.services.touching import Contact
from pwa.storage.moments import KINDS
from pwa.storage.parents import ROOMS

LONGEST_WORDS = 2_000
PRONOUNS = ("she", "he", "they")
THEMES = ("", "light", "dark")
NEVER = 0
EARLIEST_YEAR = 1900

Keys = Callable[[], Collection[Any]]
Check = Callable[["Form", Field], None]


class Form(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """What all forms share. The token that proves the page is ours is checked before any view runs."""

    class Meta:
        csrf = False

    def is_sent(self) -> bool:
        """Whether this request carries the form, all in order."""
        return bool(self.validate_on_submit())

    def refuse(self, fault: Invalid) -> None:
        """Puts what a rule said beside the field it is about."""
        field = self[fault.field] if fault.field in self else next(iter(self))
        field.errors = [fault.sentence]

    def said(self, name: str) -> str:
        """The first fault of a field, or nothing."""
        return str(self[name].errors[0]) if self[name].errors else ""


def _words(_form: Form, field: Field) -> None:
    """Tidies free text in place: own line breaks, no spaces around; None when nothing is left."""
    text = (field.data or "").replace("\r\n", "\n").replace("\r", "\n").strip()
    if any(unicodedata.category(letter) in ("Cc", "Cs") for letter in text if letter not in "\n\t"):
        raise ValidationError("There is a character in it that cannot be kept. Type it again.")
    if len(text) > LONGEST_WORDS:
        raise ValidationError(f"That is longer than fits here. Keep it under {LONGEST_WORDS:,} letters.")
    field.data = text or None


def words() -> StringField:
    return StringField(validators=[_words])


def choice(keys: Keys, sentence: str = "Pick one of these.") -> RadioField:
    """One of `keys`; where "" is among them, it may be left open."""
    return RadioField(default="", validate_choice=False, validators=[_one_of(keys, sentence)])


def choices(keys: Keys) -> SelectMultipleField:
    """Any of `keys`, or none."""
    return SelectMultipleField(validate_choice=False, validators=[_all_of(keys)])


def hour() -> SelectField:
    check = _one_of(lambda: range(24), "Pick an hour from the list.")
    return SelectField(coerce=_number, validate_choice=False, validators=[check])


def _one_of(keys: Keys, sentence: str) -> Check:
    def check(_form: Form, field: Field) -> None:
        if field.data not in keys():
            raise ValidationError(sentence)

    return check


def _all_of(keys: Keys) -> Check:
    def check(_form: Form, field: Field) -> None:
        if not set(field.data or ()) <= set(keys()):
            raise ValidationError("Pick any of these, or none.")

    return check


def _number(said: object) -> int | None:
    text = str(said)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else None


def _keys(chips: Iterable[content.Chip | content.Reason]) -> list[str]:
    return [chip.key for chip in chips]


class ZoneForm(Form):
    zone = StringField()

    def validate_zone(self, field: Field) -> None:
        try:
            dates.zone(field.data)
        except Invalid as fault:
            raise ValidationError(fault.sentence) from fault


class NameForm(ZoneForm):
    """Three ways to answer: a chip (one tap), a typed name, or skip. `zone` comes from the device."""

    name = StringField()
    pronouns = choice(lambda: ("", *PRONOUNS))
    chip = StringField()
    skip = StringField()

    def validate_zone(self, field: Field) -> None:
        if field.data:  # without scripts nobody tells; Settings has it
            super().validate_zone(field)

    def validate_name(self, field: Field) -> None:
        if self.skip.data or self.chip.data:
            return
        try:
            named = parent_name(field.data or "")
        except Invalid as fault:
            raise ValidationError(fault.sentence) from fault
        if named is None:
            raise ValidationError("Write what you call them, or pick one. You can also skip this.")

    def naming(self) -> Naming:
        if self.skip.data:
            return Naming(None, "they")
        picked = next((chip for chip in content.setup().name.chips if chip.label == self.chip.data), None)
        if picked is not None:
            return Naming(picked.label, picked.pronouns)
        name = parent_name(self.name.data or self.chip.data)
        return Naming(name, self.pronouns.data or guess_pronouns(name))


class LikesForm(Form):
    interests = choices(lambda: content.interests().by_key)
    likes = words()

    def told(self) -> Likes:
        return Likes(tuple(self.interests.data or ()), self.likes.data)


class NearnessForm(Form):
    distance = choice(lambda: ["", *_keys(content.setup().distance.choices)])
    channels = choices(lambda: _keys(content.setup().distance.channels))
    bad_times = words()

    def lives(self) -> Nearness:
        return Nearness(self.distance.data, tuple(self.channels.data or ()), self.bad_times.data)


class ParentForm(LikesForm, NearnessForm):
    """A parent's own page: everything at once."""

    name = StringField()
    pronouns = choice(lambda: PRONOUNS)
    rhythm_days = SelectField(coerce=_number, validate_choice=False)
    room = choice(lambda: ROOMS)
    zone = StringField()
    most_follow_ups = choice(lambda: ("", *map(str, range(MOST_FOLLOW_UPS + 1))))

    def validate_zone(self, field: Field) -> None:
        try:
            field.data = dates.zone(field.data).key if field.data else None
        except Invalid as fault:
            raise ValidationError(fault.sentence) from fault

    def validate_name(self, field: Field) -> None:
        try:
            field.data = parent_name(field.data or "")
        except Invalid as fault:
            raise ValidationError(fault.sentence) from fault

    def validate_rhythm_days(self, field: Field) -> None:
        try:
            field.data = field.data if field.data == NEVER else rhythm(field.data)
        except Invalid as fault:
            raise ValidationError(fault.sentence) from fault

    def portrait(self) -> Portrait:
        naming = Naming(self.name.data, self.pronouns.data)
        most = int(self.most_follow_ups.data or MOST_FOLLOW_UPS)
        rhythm_days, room = self.rhythm_days.data or None, self.room.data
        return Portrait(naming, self.told(), self.lives(), rhythm_days, room, self.zone.data, most)


class LongerViewForm(Form):
    feelings = choices(lambda: _keys(content.perspective().feelings))
    reasons = choices(lambda: _keys(content.perspective().reasons))
    feeling, reason, friend, instead = words(), words(), words(), words()

    def view(self) -> LongerView:
        own = {name: self[name].data for name in ("feeling", "reason", "friend", "instead")}
        return LongerView(tuple(self.feelings.data or ()), tuple(self.reasons.data or ()), **own)


class MomentForm(Form):
    """`day` is today, yesterday or other; only then `on` counts."""

    kind = choice(lambda: KINDS, "Pick how: a call, a message or a visit.")
    by = choice(lambda: ("you", "them"), "Say who was in touch: you, or they.")
    day = choice(lambda: ("today", "yesterday", "other"), "Say when: today, yesterday or another day.")
    on = StringField()
    note = words()

    def validate_on(self, field: Field) -> None:
        if self.day.data == "other" and _date(field.data) is None:
            raise ValidationError("Write the date like this: 2026-05-31.")

    def contact(self, today: date) -> Contact:
        named = {"today": today, "yesterday": dates.later_days(today, -1)}
        on = named.get(self.day.data) or _date(self.on.data) or today
        return Contact(self.kind.data, self.by.data, on, self.note.data)


def _date(said: object) -> date | None:
    try:
        on = date.fromisoformat(str(said).strip())
    except ValueError:
        return None
    return on if on.year >= EARLIEST_YEAR else None


class HourForm(Form):
    hour = hour()


class QuietForm(Form):
    from_hour, until_hour = hour(), hour()

    def quiet(self) -> QuietHours:
        return QuietHours(self.from_hour.data, self.until_hour.data)


class ThemeForm(Form):
    theme = choice(lambda: THEMES)
