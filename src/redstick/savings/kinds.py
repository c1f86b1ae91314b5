"""Kinds of legacy lines, the steps of their cut-over, and what must be shown before one that lives depend on may move.

A demand names where it comes from. Which edition binds is for the authority having jurisdiction to say: the source is a
pointer for the person who confirms it, not our reading of the law.
"""

from enum import StrEnum

import msgspec


class LineKind(StrEnum):
    """What runs over a line."""

    POTS = "pots"
    CENTREX = "centrex"
    PRI = "pri"
    T1 = "t1"
    TRUNK = "trunk"
    EMERGENCY_TRUNK = "emergency_trunk"
    ELEVATOR = "elevator"
    FIRE_ALARM = "fire_alarm"
    SECURITY_ALARM = "security_alarm"
    FAX = "fax"
    SCADA = "scada"
    DATA = "data"
    OTHER = "other"


KIND_WORDS: dict[LineKind, str] = {
    LineKind.POTS: "POTS",
    LineKind.CENTREX: "Centrex",
    LineKind.PRI: "PRI",
    LineKind.T1: "T1",
    LineKind.TRUNK: "Trunk",
    LineKind.EMERGENCY_TRUNK: "911 trunk",
    LineKind.ELEVATOR: "Elevator",
    LineKind.FIRE_ALARM: "Fire alarm",
    LineKind.SECURITY_ALARM: "Security alarm",
    LineKind.FAX: "Fax",
    LineKind.SCADA: "SCADA",
    LineKind.DATA: "Data",
    LineKind.OTHER: "Other",
}


class Demand(msgspec.Struct, frozen=True):
    """A fact that somebody must confirm with evidence before the line may be ported or disconnected."""

    code: str
    says: str
    source: str


DEMANDS: dict[LineKind, tuple[Demand, ...]] = {
    LineKind.ELEVATOR: (
        Demand("two_way_voice", "From the car, two-way voice reached a person who can send help, without a handset.",
               "ASME A17.1 section 2.27.1; 2010 ADA Standards 407.4.9"),
        Demand("location_identified", "Whoever answered saw which car and which building called.",
               "ASME A17.1 section 2.27.1"),
        Demand("power_lost", "With mains power off the call still went through, for as long as the code asks.",
               "ASME A17.1 section 2.27.1"),
        Demand("inspector_accepted", "The elevator inspector accepted the new path in writing.",
               "authority having jurisdiction"),
    ),
    LineKind.FIRE_ALARM: (
        Demand("authority_accepted", "The fire authority accepted the new path in writing.",
               "NFPA 72, supervising station alarm systems"),
        Demand("signals_received", "Alarm, trouble and supervisory signals each reached the supervising station.",
               "NFPA 72, inspection, testing and maintenance"),
        Demand("path_supervised", "A cut path was reported at the premises and at the station in the time allowed.",
               "NFPA 72, supervising station alarm systems"),
        Demand("power_lost", "With mains power off every part of the path ran for the time allowed.",
               "NFPA 72, power supplies"),
    ),
    LineKind.SECURITY_ALARM: (
        Demand("signals_received", "Alarm and tamper signals reached the monitoring center.", "contract of monitoring"),
        Demand("power_lost", "With mains power off the path ran as long as the panel does.", "contract of monitoring"),
    ),
    LineKind.FAX: (
        Demand("pages_both_ways", "Twenty pages were sent and received whole over the new path.",
               "ITU-T T.38; the test is ours"),
        Demand("recipients_told", "Whoever is bound to this number by rule or contract knows of the change.",
               "owner of the line"),
    ),
    LineKind.SCADA: (
        Demand("operator_witnessed", "The operator of the works saw telemetry and alarms over the new path.",
               "owner of the works"),
        Demand("fails_safe", "With the path cut the works stayed safe and the loss was seen.", "owner of the works"),
        Demand("risk_reviewed", "The new path is in the utility's risk and resilience assessment.",
               "America's Water Infrastructure Act of 2018, section 2013, for water systems"),
    ),
    LineKind.EMERGENCY_TRUNK: (
        Demand("psap_accepted", "The 911 center answered test calls over every new trunk, with number and place.",
               "the 911 authority"),
        Demand("fallback_tested", "With the new trunks down calls reached the alternate route.", "the 911 authority"),
    ),
}  # fmt: skip


class Step(StrEnum):
    """A step of a line's cut-over, in order. The last one, that a bill shows it gone, is nobody's to tick."""

    PORTED = "ported"
    TESTED = "tested"
    LOCATION_TESTED = "location_tested"
    NOTIFICATION_TESTED = "notification_tested"
    DISCONNECTED = "disconnected"


STEP_WORDS: dict[Step, str] = {
    Step.PORTED: "Ported",
    Step.TESTED: "Tested",
    Step.LOCATION_TESTED: "911 location",
    Step.NOTIFICATION_TESTED: "On-site notice",
    Step.DISCONNECTED: "Old line off",
}


class Way(StrEnum):
    """What becomes of a line: its work goes elsewhere, or nobody needs it."""

    MIGRATE = "migrate"
    DISCONNECT = "disconnect"


# From these nobody dials: there is no caller for 911 to find, and nobody to notify.
_SILENT = frozenset({
    LineKind.FIRE_ALARM, LineKind.SECURITY_ALARM, LineKind.SCADA, LineKind.DATA, LineKind.EMERGENCY_TRUNK,
})  # fmt: skip


def steps_of(kind: LineKind, way: Way | None) -> tuple[Step, ...]:
    """The steps that a line of this kind takes on its way, in order.

    Of a line from which people dial the 911 location (47 CFR 9.16(b)(3)) and the notification (47 CFR 9.16(b)(2)) are
    tested.
    """
    if way is Way.DISCONNECT:
        return (Step.DISCONNECTED,)
    if kind in _SILENT:
        return (Step.PORTED, Step.TESTED, Step.DISCONNECTED)
    return tuple(Step)


def demands_of(kind: LineKind) -> tuple[Demand, ...]:
    """What must be confirmed of a line of this kind; nothing for ordinary ones."""
    return DEMANDS.get(kind, ())
