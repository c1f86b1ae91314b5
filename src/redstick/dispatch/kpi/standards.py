"""Thresholds of the standards, as data, with how sure we are of each.

The sources disagree with each other and between editions, so every threshold names its edition, none is built in
anywhere else, and a city adds its own. `mark` "R*": read in a public excerpt; "U": remembered and not read, never
applied unless it is asked for by id.
"""

from redstick.dispatch.kpi.model import Standard

_NENA, _NENA_OLD = "NENA-STA-020.1", "NENA 56-005"
_1221, _1225, _1710 = "NFPA 1221", "NFPA 1225", "NFPA 1710"

STANDARDS: tuple[Standard, ...] = (
    Standard("nena-020-answer-90", _NENA, "2020", "answer", "all 9-1-1 calls", 90, 15, "R*"),
    Standard("nena-020-answer-95", _NENA, "2020", "answer", "all 9-1-1 calls", 95, 20, "R*"),
    Standard("nena-56-005-answer-90", _NENA_OLD, "2006", "answer", "9-1-1 calls in the busy hour", 90, 10, "U"),
    Standard("nena-56-005-answer-95", _NENA_OLD, "2006", "answer", "all 9-1-1 calls", 95, 20, "U"),
    Standard("nfpa-1221-answer-95", _1221, "2013", "answer", "fire and EMS alarms", 95, 15, "R*"),
    Standard("nfpa-1221-answer-99", _1221, "2013", "answer", "fire and EMS alarms", 99, 40, "R*"),
    Standard("nfpa-1225-answer-90", _1225, "2022", "answer", "fire and EMS alarms", 90, 15, "U"),
    Standard("nfpa-1225-answer-95", _1225, "2022", "answer", "fire and EMS alarms", 95, 20, "U"),
    Standard("nfpa-1221-2013-processing-80", _1221, "2013", "processing", "fire and EMS alarms", 80, 60, "R*"),
    Standard("nfpa-1221-2013-processing-95", _1221, "2013", "processing", "fire and EMS alarms", 95, 106, "R*"),
    Standard("nfpa-1221-2016-processing-90", _1221, "2016", "processing", "fire and EMS alarms", 90, 64, "R*"),
    Standard("nfpa-1221-2016-processing-95", _1221, "2016", "processing", "fire and EMS alarms", 95, 106, "R*"),
    Standard("nfpa-1225-2022-processing-90", _1225, "2022", "processing", "fire and EMS alarms", 90, 60, "R*"),
    Standard("nfpa-1710-turnout-fire", _1710, "2020", "turnout", "fire and special operations", 90, 80, "R*"),
    Standard("nfpa-1710-turnout-ems", _1710, "2020", "turnout", "emergency medical", 90, 60, "R*"),
    Standard("nfpa-1710-travel-first", _1710, "2020", "travel", "first engine at a fire", 90, 240, "R*"),
    Standard("nfpa-1710-travel-second", _1710, "2020", "travel", "second engine at a fire", 90, 360, "U"),
    Standard("nfpa-1710-travel-full", _1710, "2020", "travel", "full first alarm", 90, 480, "R*"),
    Standard("nfpa-1710-travel-high-rise", _1710, "2020", "travel", "full alarm at a high-rise", 90, 610, "R*"),
    Standard("nfpa-1710-travel-aed", _1710, "2020", "travel", "first unit with a defibrillator", 90, 240, "R*"),
    Standard("nfpa-1710-travel-als", _1710, "2020", "travel", "advanced life support", 90, 480, "R*"),
)


def standards_for(interval: str, ids: tuple[str, ...] | None = None) -> tuple[Standard, ...]:
    """The verified thresholds that speak of an interval, or exactly those of `ids`, unverified ones too."""
    return tuple(
        standard
        for standard in STANDARDS
        if standard.interval == interval and (standard.verified if ids is None else standard.id in ids)
    )
