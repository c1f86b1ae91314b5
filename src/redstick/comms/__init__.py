"""Voice: legs that come in on 911, admin and test lines, written down before they are answered.

What a leg means for the floor is said to other domains in `published/comms.py`; how voice travels is a port.
"""

from redstick.comms.rules import legs
from redstick.comms.state import Comms
from redstick.kernel.domain import Domain

domain = Domain(
    name="comms",
    state=Comms,
    deciders=legs.DECIDERS,
    appliers=legs.APPLIERS,
    urgent=frozenset({legs.OfferLeg}),
)
