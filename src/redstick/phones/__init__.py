"""The city's phones: who has which number, what rings when it is dialled, and that 911 goes out from everywhere.

What a call becomes is one pure function of the state (`routing`), explained in words; an engine does what it says.
"""

from dataclasses import replace

from redstick.kernel.domain import Domain
from redstick.kernel.timers import joined
from redstick.phones.hearing import REACTIONS
from redstick.phones.rules import boxes, calls, lines, messages, notices, people, places, settings, softphones
from redstick.phones.state import Phones

ROOMS = (people, places, settings, softphones, lines, calls, messages, boxes, notices)

domain = Domain(
    name="phones",
    state=Phones,
    deciders={command: decide for room in ROOMS for command, decide in room.DECIDERS.items()},
    appliers={event: apply for room in ROOMS for event, apply in room.APPLIERS.items()},
    timers=joined(calls.TIMERS, notices.TIMERS),
    kernel_only=frozenset({notices.EscalateNotice}),
    urgent=frozenset({calls.BeginPhoneCall}),
)

# Phones that are worked live: what an engine hears on their legs begins and ends their calls.
live = replace(domain, reactions=REACTIONS)
