"""Voice: legs that come in on 911, admin and test lines, written down before they are answered, and who speaks on them.

Callers wait in queues and are offered to agents (`distribution`); who has a 911 call is for the floor to say. What a
leg means for the floor is said to other domains in `published/comms.py`; how voice travels is a port.
"""

from dataclasses import replace

from redstick.comms.distribution.reacting import REACTIONS, TIMERS
from redstick.comms.rules import (
    agents,
    ali,
    conversations,
    departures,
    handing_on,
    legs,
    losses,
    placing,
    queues,
    recordings,
    storms,
    tags,
    texts,
    waiting,
)
from redstick.comms.state import Comms
from redstick.kernel.domain import Domain

RULES = (
    legs,
    queues,
    agents,
    storms,
    waiting,
    conversations,
    handing_on,
    placing,
    tags,
    recordings,
    texts,
    losses,
    departures,
    ali,
)

domain = Domain(
    name="comms",
    state=Comms,
    deciders={command: decide for rules in RULES for command, decide in rules.DECIDERS.items()},
    appliers={event: apply for rules in RULES for event, apply in rules.APPLIERS.items()},
    kernel_only=frozenset(one for rules in RULES for one in getattr(rules, "KERNEL_ONLY", ())),
    urgent=frozenset({legs.OfferLeg, ali.TakeAli, conversations.FollowFloor, departures.LeaveSeat, waiting.Distribute}),
    fold_version=4,  # 4: where a seat is that is a party to several, and since when a caller is held
)

# Voice that is worked live: callers are offered, offers lapse, the floor is followed.
live = replace(domain, timers=TIMERS, reactions=REACTIONS)
