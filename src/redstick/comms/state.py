"""The live state of comms: the fold of its events."""

import msgspec

from redstick.comms.rules.agents import Agent
from redstick.comms.rules.ali import AliCall
from redstick.comms.rules.conversations import Conversation
from redstick.comms.rules.handing_on import Transfer
from redstick.comms.rules.legs import Leg
from redstick.comms.rules.losses import Down, Lost
from redstick.comms.rules.queues import Queue, default_queues
from redstick.comms.rules.recordings import Recording
from redstick.comms.rules.storms import Rang, Storm
from redstick.comms.rules.texts import Line
from redstick.comms.rules.waiting import Level, Waiting
from redstick.kernel.values import Instant


class Comms(msgspec.Struct):
    """Legs that are here, by id; one that is over is in the journal alone.

    `waiting` is who stands in line and `conversations` who is not alone, both by leg, as `transfers`; `agents` by seat;
    `queues`, `levels`, `arrivals` of the last minute and `storms` by queue; `rang` the numbers that lately rang without
    a word; `recordings` and `texts` by leg, `wrote` the digits of those who wrote in a call that is over; `lost` the
    callers who were cut off, by the leg that they had; `ali` by digits the calls that lately came by a record;
    `engines_lost` by name those that carry no voice now.
    """

    legs: dict[str, Leg] = msgspec.field(default_factory=dict)
    queues: dict[str, Queue] = msgspec.field(default_factory=default_queues)
    agents: dict[str, Agent] = msgspec.field(default_factory=dict)
    waiting: dict[str, Waiting] = msgspec.field(default_factory=dict)
    conversations: dict[str, Conversation] = msgspec.field(default_factory=dict)
    transfers: dict[str, Transfer] = msgspec.field(default_factory=dict)
    levels: dict[str, Level] = msgspec.field(default_factory=dict)
    arrivals: dict[str, list[Instant]] = msgspec.field(default_factory=dict)
    storms: dict[str, Storm] = msgspec.field(default_factory=dict)
    rang: dict[str, Rang] = msgspec.field(default_factory=dict)
    recordings: dict[str, Recording] = msgspec.field(default_factory=dict)
    texts: dict[str, list[Line]] = msgspec.field(default_factory=dict)
    wrote: dict[str, Instant] = msgspec.field(default_factory=dict)
    lost: dict[str, Lost] = msgspec.field(default_factory=dict)
    ali: dict[str, AliCall] = msgspec.field(default_factory=dict)
    engines_lost: dict[str, Down] = msgspec.field(default_factory=dict)
