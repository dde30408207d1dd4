"""A phone: the machine's Chromium, driven by Playwright, with a profile that survives being closed or killed."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import (
    BrowserContext,
    CDPSession,
    ConsoleMessage,
    Page,
    Playwright,
    Request,
    WebError,
)
from playwright.sync_api import Error as PlaywrightError

AXE = Path(__file__).resolve().parent.parent / "vendor" / "axe-core" / "axe.min.js"
PHONE = {"width": 390, "height": 844}
SMALL = {"width": 320, "height": 640}
DESKTOP = {"width": 1280, "height": 900}
# Nothing that the browser would like to fetch for itself; a test that needs the outside is wrong.
QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost",
    "--no-first-run",
    "--no-pings",
)
CONTROLLED = "Boolean(navigator.serviceWorker.controller)"
# What a browser prints when the network is away, which such a test wants.
CUT_OFF = re.compile(
    r"ERR_(INTERNET_DISCONNECTED|CONNECTION_(REFUSED|RESET|CLOSED)|EMPTY_RESPONSE|NETWORK_CHANGED)|Failed to fetch"
)
# Rules of axe that ask for a judgement instead of finding a fault are left out of its report by axe itself.
AXE_RUN = "() => axe.run(document, {resultTypes: ['violations']})"


def chromium() -> str | None:
    """The machine's Chromium; None lets Playwright take its own."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((found for name in names if (found := shutil.which(name))), None)


@dataclass
class Phone:
    """One browser profile pointed at one server. `errors` and `strangers` must be empty when the test ends."""

    playwright: Playwright
    origin: str
    profile: Path
    options: dict[str, Any] = field(default_factory=dict)
    arguments: tuple[str, ...] = ()
    errors: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)
    _context: BrowserContext | None = None

    # --- open, close, kill --------------------------------------------------------------------------------------

    def open(self) -> Phone:
        sandbox = ("--no-sandbox",) if hasattr(os, "geteuid") and os.geteuid() == 0 else ()
        context = self.playwright.chromium.launch_persistent_context(
            self.profile,
            executable_path=chromium(),
            headless=True,
            args=[*QUIET, *sandbox, *self.arguments],
            **{**_phone_like(), **self.options},
        )
        context.set_default_timeout(10_000)
        context.on("console", self._note_console)
        context.on("weberror", self._note_error)
        context.on("request", self._note_request)
        self._context = context
        return self

    def close(self) -> None:
        """Ends it as a person does; what the page was writing is written."""
        context, self._context = self._context, None
        if context is not None:
            context.close()

    def kill(self) -> None:
        """Ends it as a phone does that runs out of battery: nothing gets a chance to finish."""
        for process in self._processes():
            os.kill(process, signal.SIGKILL)
        self._await_end()
        with contextlib.suppress(PlaywrightError):  # it may say that its browser is away
            self.close()
        for lock in self.profile.glob("Singleton*"):
            lock.unlink(missing_ok=True)

    def reopen(self) -> Phone:
        """Starts again with the same profile: cookies, caches, databases and workers are as they were left."""
        self.close()
        return self.open()

    @property
    def is_open(self) -> bool:
        return self._context is not None

    @property
    def context(self) -> BrowserContext:
        assert self._context is not None, "this phone is switched off"
        return self._context

    @property
    def page(self) -> Page:
        """The page in front."""
        pages = self.context.pages
        return pages[-1] if pages else self.context.new_page()

    # --- what a person does -------------------------------------------------------------------------------------

    def goto(self, path: str = "/") -> Page:
        self.page.goto(self.origin + path)
        return self.page

    def offline(self) -> None:
        """The network is away, for pages and for the service worker."""
        self.context.set_offline(True)

    def online(self) -> None:
        self.context.set_offline(False)

    def installed(self) -> None:
        """Waits until the service worker controls the page, as from the second visit on."""
        self.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        if not self.page.evaluate(CONTROLLED):
            self.page.reload()
        for _ in range(100):  # wait_for_function would have to evaluate a text, which our policy refuses
            if self.page.evaluate(CONTROLLED):
                return
            self.page.wait_for_timeout(100)
        raise AssertionError("no service worker took charge of the page within 10 s")

    # --- what a tester sees -------------------------------------------------------------------------------------

    def accessibility_faults(self) -> list[str]:
        """What axe finds on the page in front, one line for each element."""
        self.page.evaluate(AXE.read_text())
        found = self.page.evaluate(AXE_RUN)["violations"]
        return [
            f"{rule['id']}: {' '.join(node['target'])} ({rule['help']})" for rule in found for node in rule["nodes"]
        ]

    def devtools(self) -> CDPSession:
        return self.context.new_cdp_session(self.page)

    def transferred(self) -> Transferred:
        """Counts from here on what comes over the network for the page in front."""
        return Transferred(self.devtools())

    def installability_errors(self) -> list[str]:
        """Why this browser would not offer to install the app."""
        found = self.devtools().send("Page.getInstallabilityErrors")["installabilityErrors"]
        # A private-looking profile is how tests run, not a fault of the app.
        return [error["errorId"] for error in found if error["errorId"] != "in-incognito"]

    def screenshot(self, file: Path, **options: Any) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=file, **options)

    def overflows(self) -> bool:
        """Whether the page can be pushed sideways."""
        return bool(self.page.evaluate("document.scrollingElement.scrollWidth > innerWidth + 1"))

    # --- kept to itself -----------------------------------------------------------------------------------------

    def _note_console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not CUT_OFF.search(message.text):
            self.errors.append(f"{message.text} ({message.location.get('url', '')})")

    def _note_error(self, error: WebError) -> None:
        if not CUT_OFF.search(str(error.error)):
            self.errors.append(str(error.error))

    def _note_request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https", "ws", "wss") and f"{parts.scheme}://{parts.netloc}" != self.origin:
            self.strangers.append(request.url)

    def _processes(self) -> list[int]:
        """The browser's own process; its children end with it."""
        listed = subprocess.run(["ps", "-eo", "pid=,args="], capture_output=True, text=True, check=True).stdout
        mine = f"--user-data-dir={self.profile}"
        return [int(line.split()[0]) for line in listed.splitlines() if mine in line and "--type=" not in line]

    def _await_end(self) -> None:
        deadline = time.monotonic() + 10
        while self._processes():
            assert time.monotonic() < deadline, "the browser would not die"
            time.sleep(0.05)


@dataclass
class Transferred:
    """Bytes on the wire, headers included, by kind of resource; what a cache answers counts nothing."""

    devtools: CDPSession
    kinds: dict[str, str] = field(default_factory=dict)
    bytes: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.devtools.on("Network.responseReceived", self._note_kind)
        self.devtools.on("Network.loadingFinished", self._note_size)
        self.devtools.send("Network.enable")

    @property
    def total(self) -> int:
        return self.bytes.total()

    @property
    def script(self) -> int:
        return self.bytes["Script"]

    def _note_kind(self, event: dict[str, Any]) -> None:
        response = event["response"]
        cached = response.get("fromDiskCache") or response.get("fromServiceWorker") or response.get("fromPrefetchCache")
        self.kinds[event["requestId"]] = "" if cached else event["type"]

    def _note_size(self, event: dict[str, Any]) -> None:
        kind = self.kinds.get(event["requestId"], "Other")
        if kind:
            self.bytes[kind] += int(event["encodedDataLength"])


def _phone_like() -> dict[str, Any]:
    return {
        "viewport": PHONE,
        "device_scale_factor": 2,
        "is_mobile": True,
        "has_touch": True,
        "locale": "en-GB",
        "timezone_id": "Europe/Berlin",
        "color_scheme": "light",
        "reduced_motion": "reduce",
    }
