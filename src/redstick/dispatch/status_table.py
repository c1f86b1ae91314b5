"""The status table: what a unit can be doing, what that means to others, and what usually follows.

A unit has exactly one primary status and a set of secondaries (NENA-STA-021.1b chapter 3; spellings are literal). The
words on the radio are the agency's own; `StatusTable.words` maps them, and an import confirms the map rather than
guessing it: `AR` means *arrived* in some centers and *available on radio* in others. The table is advice: a step that
does not follow is recorded with a warning and never refused.
"""

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

WORK = frozenset({S.ASG, S.DSP, S.ACK, S.ENR, S.STG, S.ONS, S.PTC, S.TRN, S.HSP})  # only with an assignment


def expected(before: Status, after: Status) -> bool:
    """True when `after` is a usual step from `before`; the same status again is no surprise."""
    return before == after or after in MEANINGS[before].follows or (before, after) in ALSO_EXPECTED


class StatusTable(msgspec.Struct, frozen=True):
    """An agency's own words for statuses, upper case, each mapped to one canonical code."""

    words: dict[str, Status] = {}

    def read(self, said: str) -> Status | None:
        """The status that a word means; a canonical code means itself unless the agency uses it otherwise."""
        word = said.strip().upper()
        if word in self.words:
            return self.words[word]
        return Status(word) if word in Status.__members__ else None
