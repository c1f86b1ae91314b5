"""What comms needs to know where somebody is whose location came as a reference: somebody who asks there.

HELD (RFC 5985) over HTTP is one way, a subscription to presence (RFC 6442) another: each takes the schemes that it can
ask, and what none takes stays a reference for a person to see.
"""

from typing import Protocol

from redstick.published.comms import Fix


class LocationReferences(Protocol):
    """Asks where references lead."""

    def takes(self, uri: str) -> bool:
        """Whether it asks there at all: it knows the scheme, and the server is one that it was told to trust."""

    async def ask(self, uri: str) -> tuple[Fix, ...]:
        """The locations that are known there now. Raises Unavailable where no location is the answer."""
