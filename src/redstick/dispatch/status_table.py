"""The status table: what a unit can be doing, what that means to others, and what usually follows.

A unit has exactly one primary status and a set of secondaries (NENA-STA-021.1b chapter 3; spellings are literal). The
words on the radio are the agency's own; `StatusTable.words` maps them, and an import confirms the map rather than
guessing it: `AR` means *arrived* in some centers and *available on radio* in others. The table is advice: a step that
does not follow is recorded with a warning and never refused.
"""

from collections.abc import Iterable
from enum import StrEnum

import msgspec


class Primary(StrEnum):
    """May this unit be sent? Exactly one holds."""

    AVAILABLE = "Available"
    CONDITIONALLY = "ConditionallyAvailable"
    NOT_AVAILABLE = "NotAvailable"


class Status(StrEnum):
    """Canonical status codes; an agency's own words map onto them."""

    OFF = "OFF"  # off duty
    LOG = "LOG"  # signed on, not ready
    AQ = "AQ"  # in quarters
    AR = "AR"  # on radio
    MVU = "MVU"  # moving up to cover another area
    ASG = "ASG"  # assigned, not alerted
    DSP = "DSP"  # alerted
    ACK = "ACK"  # acknowledged
    ENR = "ENR"  # en route
    STG = "STG"  # staged
    ONS = "ONS"  # on scene
    PTC = "PTC"  # with the patient
    TRN = "TRN"  # transporting
    HSP = "HSP"  # at hospital
    CAN = "CAN"  # cancelled on the way
    CLR = "CLR"  # returning
    SELF = "SELF"  # self-initiated
    MEAL = "MEAL"  # meal or break
    OOS = "OOS"  # out of service


class Surprise(StrEnum):
    """How much a report surprises, the least first."""

    NONE = "none"
    SKIPPED = "skipped"  # steps in between were not said: their times stay empty
    UNUSUAL = "unusual"  # does not follow, or is none of the statuses that this kind of unit has
    CONTRADICTS = "contradicts"  # work without an assignment; or free, and an assignment is still open


class Meaning(msgspec.Struct, frozen=True):
    """What one status says: to EIDO as primary and secondaries, to a dispatcher as what usually comes next.

    `stamp` names the time of the assignment that this status sets, "" for none.
    """

    primary: Primary
    secondaries: tuple[str, ...]
    follows: tuple[Status, ...]
    stamp: str = ""


S = Status
_A, _C, _N = Primary.AVAILABLE, Primary.CONDITIONALLY, Primary.NOT_AVAILABLE

# What a status is called where people read it.
NAMES: dict[Status, str] = {
    S.OFF: "off duty", S.LOG: "signed on", S.AQ: "in quarters", S.AR: "on radio", S.MVU: "moving up",
    S.ASG: "assigned", S.DSP: "alerted", S.ACK: "acknowledged", S.ENR: "en route", S.STG: "staged",
    S.ONS: "on scene", S.PTC: "with the patient", S.TRN: "transporting", S.HSP: "at hospital", S.CAN: "cancelled",
    S.CLR: "returning", S.SELF: "self-initiated", S.MEAL: "on break", S.OOS: "out of service",
}  # fmt: skip

# dispatch reference, section 2, row by row.
MEANINGS: dict[Status, Meaning] = {
    S.OFF: Meaning(_N, ("OffDuty",), (S.LOG,)),
    S.LOG: Meaning(_N, ("OnDuty", "Roster"), (S.AQ, S.AR, S.OOS)),
    S.AQ: Meaning(_A, ("InService", "Station"), (S.ASG, S.AR, S.OOS, S.MVU, S.OFF), "available"),
    S.AR: Meaning(_A, ("InService",), (S.ASG, S.AQ, S.SELF, S.MEAL, S.OOS, S.MVU, S.OFF), "available"),
    S.MVU: Meaning(_A, ("InService", "CoveringAlternateArea"), (S.ASG, S.AQ, S.AR)),
    S.ASG: Meaning(_N, ("Assigned",), (S.DSP, S.AR, S.AQ), "assigned"),
    S.DSP: Meaning(_N, ("Assigned", "Dispatched"), (S.ACK, S.ENR, S.CAN), "dispatched"),
    S.ACK: Meaning(_N, ("Assigned", "Dispatched", "AcknowledgedTransmission"), (S.ENR, S.CAN), "acknowledged"),
    S.ENR: Meaning(_N, ("Assigned", "EnRoute"), (S.STG, S.ONS, S.CAN), "en_route"),
    S.STG: Meaning(_N, ("Assigned", "Staging"), (S.ONS, S.CAN), "staged"),
    S.ONS: Meaning(_N, ("Assigned", "OnScene"), (S.PTC, S.TRN, S.CLR, S.AR), "on_scene"),
    S.PTC: Meaning(_N, ("Assigned", "OnScene", "PatientContact"), (S.TRN, S.CLR), "patient_contact"),
    S.TRN: Meaning(_N, ("Assigned", "Transporting", "Hospital"), (S.HSP,), "transport"),
    S.HSP: Meaning(_N, ("Assigned", "Arrived", "Hospital"), (S.CLR, S.AR), "at_hospital"),
    S.CAN: Meaning(_C, ("AssignmentCancelled",), (S.AR, S.AQ, S.ASG)),
    S.CLR: Meaning(_C, ("Cleared",), (S.AR, S.AQ, S.ASG), "clear"),
    S.SELF: Meaning(_C, ("ResponderInitiatedEvent",), (S.AR, S.ASG)),
    S.MEAL: Meaning(_C, ("Meal",), (S.AR, S.ASG)),
    S.OOS: Meaning(_N, ("OutofService",), (S.LOG, S.AR, S.AQ, S.OFF)),
}

# A dispatch may come as one act: assigned and alerted together (section 2, rule 1).
ALSO_EXPECTED = {(before, S.DSP) for before, meaning in MEANINGS.items() if S.ASG in meaning.follows}

# The 41 secondary codes of NENA-STA-021.1b, in the order of the standard.
SECONDARIES = (
    "AcknowledgedTransmission", "AlternateLocation", "Arrived", "Assigned", "AssignmentCancelled", "BacktoAssignedArea",
    "Backup", "Break", "CheckedIn", "Cleared", "COP_or_POP", "Court", "CoveringAlternateArea", "Delayed", "Departed",
    "Dispatched", "EnRoute", "EquipmentIssues", "Event", "Hospital", "InService", "Investigation", "Location", "Meal",
    "Meeting", "OffDuty", "OnDuty", "OnScene", "OutofService", "PatientContact", "Post", "ResponderInitiatedEvent",
    "RollCall", "Roster", "ShiftPending", "Staging", "Station", "TrafficStop", "Training", "Transporting", "Unmanned",
)  # fmt: skip

# What is added beside a status lowers the primary that the status gives, and never raises it.
NOT_SENDABLE = frozenset({"OffDuty", "OutofService", "Unmanned"})
CONDITIONALLY_SENDABLE = frozenset(
    {"Break", "COP_or_POP", "Court", "EquipmentIssues", "Event"}
    | {"Investigation", "Meal", "Meeting", "RollCall", "Training"}
)

# These speak of the step that a unit is in and end with it; whatever else was added stays until someone takes it away.
OF_THE_STEP = frozenset(
    {"AcknowledgedTransmission", "Arrived", "Backup", "CheckedIn", "Cleared", "Delayed", "Departed", "EnRoute"}
    | {"Hospital", "Location", "OnScene", "PatientContact", "Post", "Staging", "Station", "TrafficStop", "Transporting"}
)

WORK = frozenset({S.ASG, S.DSP, S.ACK, S.ENR, S.STG, S.ONS, S.PTC, S.TRN, S.HSP})  # only with an assignment

# The order in which one assignment is usually worked. Staging, patient contact and transport are left out of many, so
# passing them by skips nothing.
_USUAL_ORDER = (S.ASG, S.DSP, S.ACK, S.ENR, S.STG, S.ONS, S.PTC, S.TRN, S.HSP)
_EVERY_TIME = frozenset({S.DSP, S.ACK, S.ENR, S.ONS})

AMBIGUOUS = frozenset({"AR"})  # means one thing here and another there: an adopted table says which


class Judgement(msgspec.Struct, frozen=True):
    """What one report is to the table: how much it surprises, and the stamps of the steps that it passed by."""

    surprise: Surprise
    skipped: tuple[str, ...] = ()


def expected(before: Status, after: Status) -> bool:
    """True when `after` is a usual step from `before`; the same status again is no surprise."""
    return before == after or after in MEANINGS[before].follows or (before, after) in ALSO_EXPECTED


def judged(before: Status, after: Status, *, assigned: bool, leaves: bool = False, of_kind: bool = True) -> Judgement:
    """The step from `before` to `after`, of a unit whose assignment is open when `assigned`.

    `leaves` says that the report ends the assignment; `of_kind` is False for a status that this kind of unit does not
    have. Every combination has an answer (dispatch reference, section 2, rules 1, 2, 4 and 6).
    """
    skipped = _passed_by(before, after) if assigned else ()
    free = MEANINGS[after].primary is Primary.AVAILABLE
    if (after in WORK and not assigned) or (free and assigned and not leaves):
        return Judgement(Surprise.CONTRADICTS, skipped)
    if not of_kind or not (expected(before, after) or skipped):
        return Judgement(Surprise.UNUSUAL, skipped)
    return Judgement(Surprise.SKIPPED if skipped else Surprise.NONE, skipped)


def _passed_by(before: Status, after: Status) -> tuple[str, ...]:
    if before not in _USUAL_ORDER or after not in _USUAL_ORDER or expected(before, after):
        return ()
    between = _USUAL_ORDER[_USUAL_ORDER.index(before) + 1 : _USUAL_ORDER.index(after)]
    return tuple(MEANINGS[step].stamp for step in between if step in _EVERY_TIME)


def secondaries_of(status: Status, added: Iterable[str]) -> tuple[str, ...]:
    """All secondaries of a unit: those of its status, then what was added beside it, each once."""
    return tuple(dict.fromkeys((*MEANINGS[status].secondaries, *added)))


def primary_of(status: Status, added: Iterable[str]) -> Primary:
    """May a unit be sent: what its status says, lowered by what was added beside it."""
    primary, beside = MEANINGS[status].primary, frozenset(added)
    if primary is Primary.NOT_AVAILABLE or beside & NOT_SENDABLE:
        return Primary.NOT_AVAILABLE
    return Primary.CONDITIONALLY if beside & CONDITIONALLY_SENDABLE else primary


class StatusTable(msgspec.Struct, frozen=True):
    """An agency's own words for statuses, upper case, each mapped to one canonical code.

    `kinds` holds the words of those kinds of units that have a table of their own.
    """

    words: dict[str, Status] = {}
    kinds: dict[str, dict[str, Status]] = {}

    def read(self, said: str, kind: str = "") -> Status | None:
        """The status that a word means to a unit of a kind; a canonical code means itself unless used otherwise."""
        word = said.strip().upper()
        words = self.kinds.get(kind, self.words)
        if word in words:
            return words[word]
        return Status(word) if word in Status.__members__ else None

    def has(self, kind: str, status: Status) -> bool:
        """Whether units of a kind have this status at all; where no table was adopted, every unit has every one."""
        words = self.kinds.get(kind, self.words)
        return not words or status in words.values()


def unmapped(words: Iterable[str], table: dict[str, Status]) -> list[str]:
    """Words of an agency's list that its table does not map, in order: a table is adopted only when there are none."""
    return sorted({word.strip().upper() for word in words} - set(table))
