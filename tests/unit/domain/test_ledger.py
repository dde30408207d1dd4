"""Where a nudge stands: in one place, whatever its row and its deliveries say."""

from __future__ import annotations

from itertools import product

import pytest

from pwa.domain.ledger import Place, Reach, place
from pwa.storage import nudges

STATES = (nudges.SCHEDULED, nudges.LEASED, nudges.SENT, nudges.EXPIRED, nudges.CANCELLED, nudges.NO_DEVICE)
TABLE = {
    ("scheduled", False): [Place.OPEN] * 3,
    ("leased", False): [Place.OPEN] * 3,
    ("sent", True): [None, Place.ACCEPTED, Place.SHOWN],
    ("expired", True): [Place.EXPIRED, Place.EXPIRED, Place.SHOWN],
    ("cancelled", True): [Place.CANCELLED, Place.CANCELLED, Place.SHOWN],
    ("no_device", True): [Place.NO_DEVICE, Place.NO_DEVICE, Place.SHOWN],
}


@pytest.mark.parametrize(("state", "ended"), list(product(STATES, (False, True))))
def test_every_state_that_a_row_can_have_has_its_place(state: str, ended: bool) -> None:
    stands = [place(state, ended=ended, reach=reach) for reach in Reach]
    assert stands == TABLE.get((state, ended), [None] * 3)


def test_a_state_that_nobody_knows_stands_nowhere() -> None:
    assert {place("vanished", ended=ended, reach=reach) for ended in (False, True) for reach in Reach} == {None}
    assert place("open", ended=True, reach=Reach.SHOWN) is None, "the name of a place is no state"
