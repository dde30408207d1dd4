"""Phrases: dates, hours and names as they are said to a person, for templates and views."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from flask import Blueprint, request

from pwa.domain.dates import local, local_date
from pwa.domain.parents import speak

WEEK = 7
SHORT = 5
NOON, EVENING = 12, 17
TWELVE_HOURS = ("US", "CA", "AU", "NZ", "IN", "PH", "PK", "IE")


def init_blueprint(blueprint: Blueprint) -> None:
    """Gives every template these filters."""
    blueprint.add_app_template_filter(speak, "speak")
    blueprint.add_app_template_filter(day)
    blueprint.add_app_template_filter(long_day)
    blueprint.add_app_template_filter(hour)
    blueprint.add_app_template_filter(ago)
    blueprint.add_app_template_filter(lately)
    blueprint.add_app_template_filter(month)
    blueprint.add_app_template_filter(on_day)
    blueprint.add_app_template_filter(plain_day)
    blueprint.add_app_template_filter(plain_time)
    blueprint.add_app_template_filter(spoken_time)
    blueprint.add_app_template_filter(o_clock)
    blueprint.add_app_template_filter(part_of_day)
    blueprint.add_app_template_filter(weekday)
    blueprint.add_app_template_filter(day_number)


def day(on: date) -> str:
    """ "Sun 7 June" or "Thu 12 Nov"; "Sun, June 7" where that is how it is said."""
    month = f"{on:%B}" if len(f"{on:%B}") < SHORT else f"{on:%b}"
    return f"{on:%a}, {month} {on.day}" if region() == "US" else f"{on:%a} {on.day} {month}"


def long_day(on: date) -> str:
    """ "Sunday 7 June" """
    return f"{on:%A}, {on:%B} {on.day}" if region() == "US" else f"{on:%A} {on.day} {on:%B}"


def month(on: date, today: date) -> str:
    """ "June", with the year where it is another."""
    return f"{on:%B}" if on.year == today.year else f"{on:%B} {on.year}"


def hour(at: int) -> str:
    """ "7 pm", or "19:00" where clocks count to 24."""
    if region() not in ("", *TWELVE_HOURS):
        return f"{at:02}:00"
    return f"{at % 12 or 12} {'am' if at < time(12).hour else 'pm'}"


def ago(at: datetime, zone: ZoneInfo, today: date) -> str:
    """Which day something was: "Today", "Yesterday", "Sunday", "7 June"."""
    on = local_date(at, zone)
    days = (today - on).days
    if days <= 1:
        return "Yesterday" if days == 1 else "Today"
    if days < WEEK:
        return f"{on:%A}"
    return f"{on:%B} {on.day}" if region() == "US" else f"{on.day} {on:%B}"


def lately(at: datetime, zone: ZoneInfo, today: date) -> str:
    """The same within a sentence, with the hour where it was today: "today at 6 pm", "yesterday", "Sunday"."""
    days = (today - local_date(at, zone)).days
    if days <= 0:
        return f"today at {o_clock(at, zone)}"
    return "yesterday" if days == 1 else ago(at, zone, today)


def soon(at: datetime, zone: ZoneInfo, today: date) -> str:
    """When something is to come: "today at 7 pm", "tomorrow at 9 am", "Friday at 7 pm", "14 June"."""
    on = local_date(at, zone)
    days = (on - today).days
    if days >= WEEK:
        return plain_day(on)
    said = {0: "today", 1: "tomorrow"}.get(days, f"{on:%A}")
    return f"{said} at {o_clock(at, zone)}"


def on_day(at: datetime, zone: ZoneInfo) -> str:
    """ "Saturday 13 June", where the clocks of that zone show it."""
    return long_day(local_date(at, zone))


def plain_day(on: date) -> str:
    """ "13 June" """
    return f"{on:%B} {on.day}" if region() == "US" else f"{on.day} {on:%B}"


def plain_time(at: datetime, zone: ZoneInfo) -> str:
    """The day of an instant: "13 June" """
    return plain_day(local_date(at, zone))


def weekday(at: datetime, zone: ZoneInfo, *, short: bool = False) -> str:
    return f"{local_date(at, zone):%a}" if short else f"{local_date(at, zone):%A}"


def day_number(at: datetime, zone: ZoneInfo) -> int:
    return local_date(at, zone).day


def spoken_time(at: datetime, zone: ZoneInfo) -> str:
    """ "11 in the morning", "half past 6 in the evening": as it is said aloud."""
    shown = local(at, zone)
    hour = shown.hour % 12 or 12
    said = {0: f"{hour}", 15: f"quarter past {hour}", 30: f"half past {hour}", 45: f"quarter to {hour % 12 + 1}"}
    return f"{said.get(shown.minute, f'{hour}:{shown.minute:02}')} {_part_of_day(shown)}"


def o_clock(at: datetime, zone: ZoneInfo) -> str:
    """ "11", "2:30 pm" where it could be night, "14:30" where clocks count to 24."""
    shown = local(at, zone)
    if region() not in ("", *TWELVE_HOURS):
        return f"{shown:%H:%M}"
    minutes = f":{shown.minute:02}" if shown.minute else ""
    return f"{shown.hour % 12 or 12}{minutes} {'am' if shown.hour < NOON else 'pm'}"


def part_of_day(at: datetime, zone: ZoneInfo) -> str:
    """ "morning", "afternoon", "evening" """
    hour = local(at, zone).hour
    return "morning" if hour < NOON else "afternoon" if hour < EVENING else "evening"


def _part_of_day(shown: datetime) -> str:
    if shown.hour < NOON:
        return "in the morning"
    return "in the afternoon" if shown.hour < EVENING else "in the evening"


def clock(at: datetime, zone: ZoneInfo) -> str:
    """The hour of an instant, as in "7 pm"."""
    return hour(local(at, zone).hour)


def region() -> str:
    """The region of the language that the browser asks for first: "CA" of en-CA; "" where it names none."""
    best = next(iter(request.accept_languages.values()), "")
    parts = best.replace("_", "-").split("-")
    return parts[-1].upper() if len(parts) > 1 else ""
