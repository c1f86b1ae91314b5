"""The live state of the phones: the fold of their events."""

from enum import StrEnum

import msgspec

from redstick.kernel.values import Instant
from redstick.phones.hours import Hours
from redstick.phones.numbering import Numbered
from redstick.phones.plan.rules import DialPlan


class Presence(StrEnum):
    """What somebody says of themself; that they speak or cannot be reached is seen and not said."""

    AVAILABLE = "available"
    AWAY = "away"
    DO_NOT_DISTURB = "dnd"


class User(msgspec.Struct, frozen=True, omit_defaults=True):
    """Somebody who works for the city. `person` is as whom they sign in here, "" for who does not."""

    id: str
    name: str
    department: str = ""
    email: str = ""
    person: str = ""


class Site(msgspec.Struct, frozen=True, omit_defaults=True):
    """A dispatchable location (47 CFR 9.3): street address, and what leads to the caller within it.

    `elins` are direct numbers that a 911 call from here may show, so that whoever calls back reaches who called.
    `validated` says that the address was found in the geofile.
    """

    id: str
    address: str
    municipality: str = ""
    floor: str = ""
    room: str = ""
    elins: tuple[str, ...] = ()
    contacts: tuple[str, ...] = ()
    escalation: tuple[str, ...] = ()
    validated: bool = False

    @property
    def words(self) -> str:
        """In one line."""
        inside = [f"floor {self.floor}" if self.floor else "", f"room {self.room}" if self.room else ""]
        return ", ".join(part for part in (self.address, self.municipality, *inside) if part)


class DeviceKind(StrEnum):
    """What rings. Each needs a location, also what nobody sits at."""

    DESK = "desk"
    SOFT = "softphone"
    CONFERENCE = "conference"
    DOOR = "door"
    LIFT = "lift"
    ANALOG = "analog"


class Device(msgspec.Struct, frozen=True, omit_defaults=True):
    """A phone. Its id is also the user it registers as; neither its password nor a digest of that is in the journal."""

    id: str
    number: str
    kind: DeviceKind = DeviceKind.DESK
    site: str = ""


class Forwarding(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where calls go instead, "" for nowhere."""

    always: str = ""
    busy: str = ""
    no_answer: str = ""
    unreachable: str = ""

    @property
    def targets(self) -> tuple[str, ...]:
        """Every number that it names."""
        return tuple(one for one in (self.always, self.busy, self.no_answer, self.unreachable) if one)


class Trunk(msgspec.Struct, frozen=True, omit_defaults=True):
    """A way to the public network, for so many calls at once.

    `address` is where its carrier is reached by SIP and calls from, `host[:port][;transport=tcp]`, the host in digits;
    "" for one that a gateway has.
    """

    id: str
    carrier: str
    capacity: int
    emergency: bool = False
    address: str = ""


class Standing(msgspec.Struct, frozen=True):
    """Whether a trunk works, since when, and what was said of it."""

    up: bool
    since: Instant
    why: str = ""


class PhoneCall(msgspec.Struct, frozen=True, omit_defaults=True):
    """A call that goes on. `caller` is a number of ours or of the public network, `trunk` what it occupies.

    `leg` is the leg of voice with which it ends, "" where a gateway has it; `box` the box that it has opened.
    """

    id: str
    caller: str
    dialled: str
    verdict: str
    began_at: Instant
    device: str = ""
    answered_by: str = ""
    answered_at: Instant | None = None
    trunk: str = ""
    orbit: str = ""
    leg: str = ""
    box: str = ""


class BoxPin(msgspec.Struct, frozen=True, omit_defaults=True):
    """The PIN of a box: under which id its hash is kept, and how many wrong ones came since it was last right."""

    id: str
    set_at: Instant
    always: bool = False
    wrong: int = 0
    wrong_at: Instant = 0


class Voicemail(msgspec.Struct, frozen=True, omit_defaults=True):
    """A message: what was recorded is a blob with this SHA-256, and nobody has written it out."""

    id: str
    number: str
    caller: str
    left_at: Instant
    length_ms: int
    sha256: str
    heard_at: Instant | None = None


class NoticeKind(StrEnum):
    """Why somebody is told."""

    EMERGENCY = "emergency"
    VOICEMAIL = "voicemail"
    BOX = "box"


class Notice(msgspec.Struct, frozen=True, omit_defaults=True):
    """What somebody must be told: owed until it is delivered, that of a 911 call until it is acknowledged by name."""

    id: str
    kind: NoticeKind
    about: str
    to: tuple[str, ...]
    text: str
    made_at: Instant
    delivered_at: Instant | None = None
    how: str = ""
    escalated_at: Instant | None = None


class Text(msgspec.Struct, frozen=True):
    """A message from one extension to another."""

    id: str
    sender: str
    to: str
    text: str
    sent_at: Instant


class ElinUse(msgspec.Struct, frozen=True):
    """Who reaches whom by calling an ELIN back, until when."""

    number: str
    device: str
    call: str
    until: Instant


class Phones(msgspec.Struct):
    """Everything by its id. Calls that are over, and what was erased, are in the journal alone."""

    users: dict[str, User] = msgspec.field(default_factory=dict)
    numbers: dict[str, Numbered] = msgspec.field(default_factory=dict)
    direct: dict[str, str] = msgspec.field(default_factory=dict)  # of the public network -> ours
    sites: dict[str, Site] = msgspec.field(default_factory=dict)
    devices: dict[str, Device] = msgspec.field(default_factory=dict)
    reachable: dict[str, Instant] = msgspec.field(default_factory=dict)  # devices that are registered, since when
    presence: dict[str, Presence] = msgspec.field(default_factory=dict)
    forwarding: dict[str, Forwarding] = msgspec.field(default_factory=dict)
    hours: dict[str, Hours] = msgspec.field(default_factory=dict)
    trunks: dict[str, Trunk] = msgspec.field(default_factory=dict)
    standing: dict[str, Standing] = msgspec.field(default_factory=dict)
    plan: DialPlan = msgspec.field(default_factory=DialPlan)
    version: int = 0  # of the plan that counts
    proposed: dict[str, DialPlan] = msgspec.field(default_factory=dict)  # by version, as text
    proposals: int = 0
    calls: dict[str, PhoneCall] = msgspec.field(default_factory=dict)
    idle_since: dict[str, Instant] = msgspec.field(default_factory=dict)  # when an extension last ended a call
    turns: dict[str, str] = msgspec.field(default_factory=dict)  # hunt group -> who answered last
    voicemails: dict[str, Voicemail] = msgspec.field(default_factory=dict)
    greetings: dict[str, str] = msgspec.field(default_factory=dict)  # number -> SHA-256 of what is said
    pins: dict[str, BoxPin] = msgspec.field(default_factory=dict)  # of boxes, by number
    notices: dict[str, Notice] = msgspec.field(default_factory=dict)
    texts: dict[str, list[Text]] = msgspec.field(default_factory=dict)  # the last ones, by who got them
    elins: dict[str, ElinUse] = msgspec.field(default_factory=dict)
