"""Names of push services, looked up beside the sending: the system's look-up takes no timeout, and must hold nobody up."""

import threading
import time
from dataclasses import dataclass, field

from pwa.push import addresses
from pwa.push.addresses import Lookup
from pwa.push.endpoints import Endpoint

KEPT_FOR = 60.0  # seconds


@dataclass
class _Asked:
    at: float
    found: tuple[str, ...] | Exception | None = None
    done: threading.Event = field(default_factory=threading.Event)


class Names:
    """Vetted addresses by origin, each for a minute. `lookup`: for tests."""

    def __init__(self, lookup: Lookup | None = None) -> None:
        self._lookup = lookup
        self._asked: dict[str, _Asked] = {}

    def find(self, endpoint: Endpoint) -> tuple[str, ...] | None:
        """The addresses to connect to; None while they are being looked up.

        Raises Invalid when one of them is not public, OSError when there is none.
        """
        asked = self._asked.get(endpoint.origin)
        if asked is None or (asked.done.is_set() and time.monotonic() > asked.at + KEPT_FOR):
            asked = self._asked[endpoint.origin] = _Asked(time.monotonic())
            threading.Thread(target=self._ask, args=(endpoint, asked), daemon=True).start()
        if isinstance(asked.found, Exception):
            del self._asked[endpoint.origin]
            raise asked.found
        return asked.found

    def _ask(self, endpoint: Endpoint, asked: _Asked) -> None:
        try:
            asked.found = addresses.resolve(endpoint, self._lookup)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is raised where it is waited for
            asked.found = error
        asked.done.set()
