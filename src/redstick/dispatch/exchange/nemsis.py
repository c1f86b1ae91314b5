"""One unit's part in an incident as NEMSIS eDispatch and eTimes, with what is missing in it.

A time that dispatch does not hold is left out where the dictionary allows it. Where an element must be there, its NOT
value says why it is empty: *not applicable* when the step cannot have happened (a unit that was cancelled reached no
patient), *not recorded* when it may have and nobody wrote it down. A mandatory time that is missing is a gap: the
fragment cannot leave.
"""

import msgspec

from redstick.dispatch.rules.assignments import Assignment
from redstick.dispatch.rules.incidents import Incident
from redstick.dispatch.state import Dispatch
from redstick.protocols.nemsis.sections import Not, Values, faults_of
from redstick.protocols.times import write_time

STAMPS = {
    "eTimes.03": "dispatched",
    "eTimes.04": "acknowledged",
    "eTimes.05": "en_route",
    "eTimes.06": "on_scene",
    "eTimes.07": "patient_contact",
    "eTimes.09": "transport",
    "eTimes.11": "at_hospital",
    "eTimes.17": "staged",
}
ON_THE_WAY = ("eTimes.06", "eTimes.07", "eTimes.09", "eTimes.11", "eTimes.12")
WITH_PATIENT = ("eTimes.09", "eTimes.11", "eTimes.12")
# Common incident types (APCO ANS 2.103.2) to dispatch reasons; ours, to be confirmed by a medical director.
REASONS = {
    "ABDOM": "2301001", "ALLERGIC": "2301003", "BITE": "2301005", "ASSAULT": "2301007", "BACK": "2301011",
    "RESP": "2301013", "RESPARR": "2301013", "BURN": "2301015", "CARDIAC": "2301041", "CHESPAIN": "2301021",
    "CHOKE": "2301023", "SEIZURE": "2301025", "DIABETIC": "2301027", "EYE": "2301031", "FALL": "2301033",
    "FSTRU": "2301035", "HEADACHE": "2301037", "EXPOSURE": "2301043", "HEMRG": "2301045", "ACCIND": "2301047",
    "ALRMED": "2301049", "OD": "2301053", "PANDEMIC": "2301055", "PREG": "2301057", "MNTL": "2301059",
    "SICK": "2301061", "STABBING": "2301063", "SHOOT": "2301063", "STDBY": "2301065", "STROKE": "2301067",
    "MVAINJY": "2301069", "TRANSFER": "2301071", "TRAUMA": "2301073", "WELFARE": "2301075", "PERUNCON": "2301077",
    "DROWN": "2301081", "INTOX": "2301095", "ACTSHOOT": "2301099",
}  # fmt: skip
UNKNOWN_REASON = "2301079"  # Unknown Problem/Person Down
MOST_ID = 50


class Fragment(msgspec.Struct, frozen=True):
    """Values by element name, and the gaps for which they cannot leave as they are."""

    values: Values
    gaps: tuple[str, ...]


def fragment_of(state: Dispatch, incident: Incident, part: Assignment, incident_type: str) -> Fragment:
    """The two sections for one assignment. `incident_type` is the common code of the incident."""
    calls = [state.calls[name].received_at for name in incident.calls]
    values: Values = {
        "eDispatch.01": REASONS.get(incident_type, UNKNOWN_REASON),
        "eDispatch.02": Not.RECORDED,
        "eDispatch.06": f"{incident.id}:{part.sequence}"[:MOST_ID],
        "eTimes.01": write_time(min(calls)) if calls else Not.RECORDED,
    }
    values |= {name: write_time(part.stamps[stamp]) for name, stamp in STAMPS.items() if stamp in part.stamps}
    back = part.stamps.get("available", part.stamps.get("clear", part.ended_at))
    if back is not None:
        values["eTimes.13"] = write_time(back)
    if _cancelled(part) and part.ended_at is not None:
        values["eTimes.14"] = write_time(part.ended_at)
    for name in ("eTimes.05", *ON_THE_WAY):
        values.setdefault(name, _why_not(part, name))
    return Fragment(values, tuple(str(fault) for fault in faults_of(values)))


def _cancelled(part: Assignment) -> bool:
    """It went, and neither arrived nor met a patient (the dictionary's condition for eTimes.14)."""
    return "en_route" in part.stamps and not {"on_scene", "patient_contact"} & part.stamps.keys()


def _why_not(part: Assignment, name: str) -> Not:
    if part.ended_at is not None and _cancelled(part) and name in ON_THE_WAY:
        return Not.APPLICABLE
    carried = {"transport", "at_hospital"} & part.stamps.keys()
    if part.ended_at is not None and not carried and name in WITH_PATIENT:
        return Not.APPLICABLE
    return Not.RECORDED
