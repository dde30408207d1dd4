"""A stand-in for the desktop's notifications (org.freedesktop.Notifications) on a bus of its own.

Real Chromium, without a window too, shows its notifications through it: a test reads what a person would see and clicks
it for real, so that the worker may open a window.
"""

import shutil
import subprocess
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from dbus_fast import BusType
from dbus_fast.aio import MessageBus
from dbus_fast.service import ServiceInterface, dbus_method, dbus_signal

from tests.support.loop import LoopThread, wait_until

# D-Bus names the types: s text, u number, as list of texts, a{sv} dictionary. The library reads them as annotations.
# ruff: noqa: F722, F821, N802


@dataclass
class Shown:
    """One notification; actions: the key of each button by its text."""

    number: int
    title: str
    body: str
    actions: dict[str, str] = field(default_factory=dict)
    open: bool = True


class Desktop(LoopThread):
    """A context manager; start the browser with `environment` added to its own."""

    def __init__(self) -> None:
        self.shown: list[Shown] = []

    @property
    def environment(self) -> dict[str, str]:
        return {"DBUS_SESSION_BUS_ADDRESS": self._address}

    def __enter__(self) -> Self:
        program = shutil.which("dbus-daemon")
        if program is None:
            raise FileNotFoundError("There is no dbus-daemon on this machine; on Debian: apt-get install dbus-daemon")
        self._daemon = subprocess.Popen(
            [program, "--session", "--nofork", "--print-address=1"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._daemon.stdout is not None
        self._address = self._daemon.stdout.readline().strip()
        try:
            return super().__enter__()
        except BaseException:
            self._stop_daemon()
            raise

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            super().__exit__(kind, error, trace)
        finally:
            self._stop_daemon()

    async def opened(self) -> None:
        self._bus = await MessageBus(self._address, BusType.SESSION).connect()
        self._service = _Notifications(self.shown)
        self._bus.export("/org/freedesktop/Notifications", self._service)
        await self._bus.request_name("org.freedesktop.Notifications")

    async def closed(self) -> None:
        self._bus.disconnect()

    def wait_for(self, title: str, seconds: float = 15) -> Shown:
        def newest() -> Shown | None:
            return next((shown for shown in reversed(self.shown) if shown.title == title and shown.open), None)

        shown = wait_until(newest, seconds, f"a notification “{title}” on the desktop")
        assert shown is not None
        return shown

    def click(self, title: str, button: str | None = None) -> None:
        """The person clicks the newest notification of that title, or its button of that text."""
        shown = self.wait_for(title)
        self.run(self._invoke(shown.number, shown.actions[button] if button else "default"))

    def dismiss(self, title: str) -> None:
        """The person closes it."""
        self.run(self._dismiss(self.wait_for(title).number))

    async def _invoke(self, number: int, key: str) -> None:
        self._service.ActionInvoked(number, key)

    async def _dismiss(self, number: int) -> None:
        self._service.NotificationClosed(number, 2)

    def _stop_daemon(self) -> None:
        self._daemon.terminate()
        self._daemon.wait(5)
        assert self._daemon.stdout is not None
        self._daemon.stdout.close()


class _Notifications(ServiceInterface):
    def __init__(self, shown: list[Shown]) -> None:
        super().__init__("org.freedesktop.Notifications")
        self._shown = shown

    @dbus_method()
    def GetCapabilities(self) -> "as":  # type: ignore[valid-type, syntax]
        return ["actions", "body", "body-markup", "persistence"]

    @dbus_method()
    def GetServerInformation(self) -> "ssss":  # type: ignore[name-defined]
        return ["stand-in", "tests", "1.0", "1.2"]

    @dbus_method()
    def Notify(
        self, app: "s", replaces: "u", icon: "s", title: "s", body: "s", actions: "as", hints: "a{sv}", timeout: "i"
    ) -> "u":
        number: Any = replaces or len(self._shown) + 1
        keys: Any = actions
        self._shown.append(Shown(number, title, body, dict(zip(keys[1::2], keys[::2], strict=True))))
        return number

    @dbus_method()
    def CloseNotification(self, number: "u") -> None:
        self.NotificationClosed(number, 3)

    @dbus_signal()
    def NotificationClosed(self, number: "u", why: "u") -> "uu":
        for shown in self._shown:
            shown.open = shown.open and shown.number != number
        return [number, why]

    @dbus_signal()
    def ActionInvoked(self, number: "u", key: "s") -> "us":
        return [number, key]
