"""Faults to plant: each makes, of dispatch as it is, one that goes wrong in one way, for the whole shifts to find."""

from dataclasses import replace

import msgspec

from redstick.dispatch.alerting.chase import Purpose
from redstick.dispatch.rules.alerts import (
    AlertQueued,
    AlertReceipt,
    AlertSettled,
    EndAlerts,
    RaiseAlerts,
    VoiceNeeded,
)
from redstick.dispatch.rules.assignments import (
    AssignmentEnded,
    AssignUnits,
    UnitAssigned,
)
from redstick.dispatch.rules.calls import AbandonCall, CallAttached
from redstick.dispatch.rules.coverage import CheckCoverage, CoverageLost
from redstick.dispatch.rules.incidents import CloseIncident, IncidentClosed, IncidentReopened
from redstick.dispatch.rules.links import AssignmentMoved, IncidentsLinked, MergeIncidents, SplitIncident
from redstick.dispatch.rules.retirement import Retired
from redstick.dispatch.rules.units import StatusReported
from redstick.dispatch.status_table import Status
from redstick.kernel.values import Rejection
from redstick.simulation.planting import applying, deciding, without, without_reaction, without_timer


def _close_with_units_on_it(domain):
    """Closing forgets to end assignments: units that are still assigned are no reason to refuse."""
    decide = domain.deciders[CloseIncident]

    def changed(state, asked, now):
        decision = decide(state, asked, now)
        still = isinstance(decision, Rejection) and decision.code == "units_still_assigned"
        return [IncidentClosed(asked.incident, asked.disposition or "x")] if still else decision

    return replace(domain, deciders={**domain.deciders, CloseIncident: changed})


def _send_a_committed_crew(domain):
    """That a crew is out already is no reason to refuse."""
    decide = domain.deciders[AssignUnits]

    def changed(state, asked, now):
        decision = decide(state, asked, now)
        out = isinstance(decision, Rejection) and decision.code == "crew_committed"
        return [UnitAssigned(asked.incident, decision.data["unit"])] if out else decision

    return replace(domain, deciders={**domain.deciders, AssignUnits: changed})


def _hole_in_the_table(domain):
    """One status is not in the table: whoever reports it fails."""

    def hole(state, happened, at, true):
        if happened.status is Status.HSP:
            raise KeyError(happened.status)
        true(state, happened, at)

    return applying(StatusReported, hole)(domain)


def _listed_twice(state, happened, at, true):
    true(state, happened, at)
    state.units[happened.unit].work.append(happened.incident)


def _still_working(state, happened, at, true):
    work = list(state.units[happened.unit].work)
    true(state, happened, at)
    state.units[happened.unit].work[:] = work


def _counted_for_nobody(state, happened, at, true):
    true(state, happened, at)
    state.incidents[happened.incident].calls.clear()


def _taken_as_proof(state, happened, at, true):
    true(state, happened, at)
    for alert in state.incidents[happened.incident].alerts.values():
        if alert.id == happened.alert and alert.chased:
            alert.standing = type(alert.standing).ALERTED


def _reversed(state, happened, at, true):
    true(state, happened, at)
    state.incidents[happened.other].links[happened.incident] = happened.relation


def _remembers_the_wall_clock(state, happened, at, true):
    """State that no journal holds: a counter beside the events."""
    true(state, happened, at)
    _SEEN.append(happened)
    state.incidents[happened.incident].alarm_level = len(_SEEN)


_SEEN = []


def _no_cancels(decision, state, asked):
    del state
    return [] if asked.purpose is Purpose.CANCEL else decision


def _settled_by_sending(decision, state, asked):
    del state
    sent = [one for one in decision if isinstance(one, AlertReceipt)]
    return [*decision, *(AlertSettled(one.incident, one.unit, one.alert, "alerted", "sent") for one in sent)][:2]


def _half(decision, state, asked):
    del state, asked
    return decision[:-1] if len(decision) > 1 else decision


def _gone_with_its_calls_alive(state, happened, at, true):
    true(state, msgspec.structs.replace(happened, calls=[]), at)


MUTANTS = {
    "closing forgets to end assignments": _close_with_units_on_it,
    "a crew that is out is sent again": _send_a_committed_crew,
    "the status table has a hole": _hole_in_the_table,
    "an assignment is listed twice": applying(UnitAssigned, _listed_twice),
    "a unit that is released still works": applying(AssignmentEnded, _still_working),
    "a call that is attached is counted for nobody": applying(CallAttached, _counted_for_nobody),
    "an alert that was sent counts as proven": applying(AlertReceipt, _taken_as_proof),
    "a link says the same from both sides": applying(IncidentsLinked, _reversed),
    "a fold remembers what no journal holds": applying(UnitAssigned, _remembers_the_wall_clock),
    "a merge forgets the calls": without(MergeIncidents, CallAttached),
    "a split forgets the calls": without(SplitIncident, CallAttached),
    "a split forgets the units": without(SplitIncident, AssignmentMoved),
    "a split forgets to open what was closed": without(SplitIncident, IncidentReopened),
    "a coverage alarm is never raised": without(CheckCoverage, CoverageLost),
    "nobody checks coverage when a seat signs off": without_reaction("coverage_behind_seat_signed_off"),
    "nobody checks coverage when an incident opens": without_reaction("coverage_behind_incident_opened"),
    "a cancelled alert is not raised": deciding(RaiseAlerts, _no_cancels),
    "a cancelled unit is not told": without_reaction("when_assignment_ended_then_call_back"),
    "silence of a path is never followed up": without_timer(AlertQueued),
    "who is to voice is not reminded": without_timer(VoiceNeeded),
    "a merge loses the clocks": without_timer(AssignmentMoved),
    "a reopened incident has no clock": without_timer(IncidentReopened),
    "a unit that leaves has no clock": without_timer(StatusReported),
    "a closed incident is never retired": without_timer(IncidentClosed),
    "a callback is not owed": deciding(AbandonCall, _half),
    "an incident retires and leaves its calls": applying(Retired, _gone_with_its_calls_alive),
    "alerts of a unit that is done are chased on": deciding(EndAlerts, lambda *_: []),
}
