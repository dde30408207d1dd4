"""Where a push endpoint's name may lead: public machines, or this one where the operator wrote it down."""

from pwa.domain.errors import Invalid
from pwa.net import addresses
from pwa.net.addresses import Lookup
from pwa.push.endpoints import Endpoint

__all__ = ["Lookup", "resolve"]


def resolve(endpoint: Endpoint, lookup: Lookup | None = None) -> tuple[str, ...]:
    """The addresses to connect to, best first. Raises OSError when there is none, Invalid when any one is not allowed."""
    allowed = addresses.is_loopback if endpoint.loopback else addresses.is_public
    try:
        return addresses.resolve(endpoint.host, endpoint.port, allowed, lookup)
    except addresses.Inside:
        raise Invalid("The push service's name leads to an address that isn't public.", "endpoint") from None
