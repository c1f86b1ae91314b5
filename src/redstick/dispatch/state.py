"""The live state of dispatch: the fold of its events. What rules over each thing stands in `rules/`."""

import msgspec

from redstick.dispatch.codes.table import CodeTable
from redstick.dispatch.place import Extent
from redstick.dispatch.rules.accountability import Roll
from redstick.dispatch.rules.aid import Agreement
from redstick.dispatch.rules.bolos import Bolo
from redstick.dispatch.rules.callbacks import Callback
from redstick.dispatch.rules.calls import Call
from redstick.dispatch.rules.cards import PaperDesk
from redstick.dispatch.rules.cautions import Kept
from redstick.dispatch.rules.closures import RoadClosure
from redstick.dispatch.rules.crews import Crew
from redstick.dispatch.rules.follow_ups import FollowUp
from redstick.dispatch.rules.groups import Group
from redstick.dispatch.rules.incidents import Incident
from redstick.dispatch.rules.moveups import MoveUp
from redstick.dispatch.rules.plans import Activation, PlanVersion
from redstick.dispatch.rules.recipients import Recipient
from redstick.dispatch.rules.rotation import Rotation
from redstick.dispatch.rules.seats import Seat
from redstick.dispatch.rules.shifts import Shift
from redstick.dispatch.rules.silence import Source
from redstick.dispatch.rules.stacking import Reservation
from redstick.dispatch.rules.stops import Stop
from redstick.dispatch.rules.talkgroups import Talkgroup
from redstick.dispatch.rules.triage import SignedProtocol
from redstick.dispatch.rules.units import Unit
from redstick.dispatch.rules.warnings import OpenWarning
from redstick.dispatch.status_table import StatusTable
from redstick.kernel.values import Instant


class Dispatch(msgspec.Struct):
    """Calls, incidents with their assignments, and units, each by id; and the agency's status words."""

    calls: dict[str, Call] = msgspec.field(default_factory=dict)
    incidents: dict[str, Incident] = msgspec.field(default_factory=dict)
    last_number: int = 0  # of an incident: the highest that was given by us, or by whoever numbers as we do
    units: dict[str, Unit] = msgspec.field(default_factory=dict)
    statuses: StatusTable = msgspec.field(default_factory=StatusTable)
    callbacks: dict[str, Callback] = msgspec.field(default_factory=dict)
    codes: CodeTable = msgspec.field(default_factory=CodeTable)
    extent: Extent | None = None
    follow_ups: dict[str, FollowUp] = msgspec.field(default_factory=dict)
    crews: dict[str, Crew] = msgspec.field(default_factory=dict)
    shifts: dict[str, Shift] = msgspec.field(default_factory=dict)
    recipients: dict[str, Recipient] = msgspec.field(default_factory=dict)
    reservations: dict[str, Reservation] = msgspec.field(default_factory=dict)
    groups: dict[str, Group] = msgspec.field(default_factory=dict)
    seats: dict[str, Seat] = msgspec.field(default_factory=dict)
    agreements: dict[str, Agreement] = msgspec.field(default_factory=dict)
    talkgroups: dict[str, Talkgroup] = msgspec.field(default_factory=dict)
    warnings: dict[str, OpenWarning] = msgspec.field(default_factory=dict)
    warned_at: dict[str, list[Instant]] = msgspec.field(default_factory=dict)  # of each owner, for its alarm budget
    rolls: dict[str, Roll] = msgspec.field(default_factory=dict)
    stops: dict[str, Stop] = msgspec.field(default_factory=dict)
    sources: dict[str, Source] = msgspec.field(default_factory=dict)
    moveups: dict[str, MoveUp] = msgspec.field(default_factory=dict)
    plans: dict[str, PlanVersion] = msgspec.field(default_factory=dict)
    plan_activations: list[Activation] = msgspec.field(default_factory=list)  # the last one counts
    cautions: dict[str, Kept] = msgspec.field(default_factory=dict)
    bolos: dict[str, Bolo] = msgspec.field(default_factory=dict)
    rotations: dict[str, Rotation] = msgspec.field(default_factory=dict)
    protocols: dict[str, SignedProtocol] = msgspec.field(default_factory=dict)
    paper: PaperDesk = msgspec.field(default_factory=PaperDesk)
    last_cases: dict[str, int] = msgspec.field(default_factory=dict)  # of each agency and year
    closures: dict[str, RoadClosure] = msgspec.field(default_factory=dict)
