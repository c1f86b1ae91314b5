"""A call that comes over SIP, from its offer to its end."""

from redstick.comms.rules.legs import AnswerLeg, EndLeg, OfferLeg, RelocateLeg
from redstick.kernel.values import Command
from redstick.published.comms import Arrival, Fix, LineKind

TOWER = Fix(-912_000_000, 304_000_000, 850, "circle", method="cell")
DEVICE = Fix(-912_001_000, 304_001_000, 20, "circle", method="device")


def voice_story() -> list[Command]:
    """A 911 call that becomes better known, and an administrative line."""
    called = Arrival(line=LineKind.EMERGENCY, number="+12255550142", call_urn="urn:emergency:uid:callid:1:example.org",
                     fixes=(TOWER,), message="INVITE urn:service:sos SIP/2.0")  # fmt: skip
    return [
        OfferLeg("leg1", called, "k-sip"),
        AnswerLeg("leg1", "PCMU"),
        RelocateLeg("leg1", (DEVICE,)),
        EndLeg("leg1", "them", "BYE", 300, 300),
        OfferLeg("leg2", Arrival(line=LineKind.ADMIN, number="+12255550143")),
        EndLeg("leg2", "us", "480"),
    ]
