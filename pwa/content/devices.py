"""devices.toml: where nudges arrive, and what helps where they do not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pwa.content.files import Table, keyed
from pwa.domain.platforms import PLATFORMS


@dataclass(frozen=True)
class Platform:
    """`steps`: what helps where no nudge shows; `allow`: the way back once Rekindle was blocked."""

    key: str
    label: str
    allow: str
    steps: tuple[str, ...]


@dataclass(frozen=True)
class Battery:
    title: str
    platforms: tuple[str, ...]
    steps: tuple[str, ...]


@dataclass(frozen=True)
class Devices:
    title: str
    lead: str
    unknown: str
    silent: str
    lost: str
    help_title: str
    more: str
    moved: str
    alarms: str
    blocked: str
    platforms: Mapping[str, Platform]
    battery: Battery

    def of(self, platform: str | None) -> Platform | None:
        return self.platforms.get(platform or "")

    def label(self, platform: str | None) -> str:
        known = self.of(platform)
        return known.label if known else self.unknown


def devices_in(file: Table) -> Devices:
    platforms = {str(key): each for key, each in keyed(file, "platforms", _platform, lambda row: row.key).items()}
    if list(platforms) != list(PLATFORMS):
        raise file.fault("platforms", f"are not {', '.join(PLATFORMS)}, in this order")
    return Devices(
        title=file.text("title"),
        lead=file.text("lead"),
        unknown=file.text("unknown"),
        silent=file.text("silent"),
        lost=file.text("lost"),
        help_title=file.text("help_title"),
        more=file.text("more"),
        moved=file.text("moved"),
        alarms=file.text("alarms"),
        blocked=file.text("blocked"),
        platforms=platforms,
        battery=_battery(file.table("battery")),
    )


def _platform(table: Table) -> Platform:
    return Platform(table.text("key"), table.text("label"), table.text("allow"), table.texts("steps"))


def _battery(table: Table) -> Battery:
    on = table.texts("platforms")
    if not set(on) <= set(PLATFORMS):
        raise table.fault("platforms", "names one that is not there")
    return Battery(table.text("title"), on, table.texts("steps"))
