"""911 calls, incidents, units and assignments: what came in, who was sent, and how fast.

The right units, sooner, with the reason shown and nothing forgotten.
"""

from dataclasses import replace

from redstick.dispatch.reactions import TIMERS
from redstick.dispatch.rules import assignments, calls, incidents, retirement, units
from redstick.dispatch.state import Dispatch
from redstick.kernel.domain import Domain, Recall

domain = Domain(
    name="dispatch",
    state=Dispatch,
    deciders={
        calls.ReceiveCall: calls.decide_receive_call,
        calls.AnswerCall: calls.decide_answer_call,
        calls.AbandonCall: calls.decide_abandon_call,
        calls.EndCall: calls.decide_end_call,
        calls.AttachCall: calls.decide_attach_call,
        calls.DetachCall: calls.decide_detach_call,
        incidents.OpenIncident: incidents.decide_open_incident,
        incidents.RetypeIncident: incidents.decide_retype_incident,
        incidents.ChangePriority: incidents.decide_change_priority,
        incidents.MoveIncident: incidents.decide_move_incident,
        incidents.RaiseAlarm: incidents.decide_raise_alarm,
        incidents.AddNote: incidents.decide_add_note,
        incidents.CloseIncident: incidents.decide_close_incident,
        incidents.ReopenIncident: incidents.decide_reopen_incident,
        assignments.AssignUnits: assignments.decide_assign_units,
        assignments.ReleaseUnit: assignments.decide_release_unit,
        assignments.CorrectTime: assignments.decide_correct_time,
        units.EnrollUnit: units.decide_enroll_unit,
        units.ReportStatus: units.decide_report_status,
        units.RaiseEmergency: units.decide_raise_emergency,
        units.ClearEmergency: units.decide_clear_emergency,
        retirement.RetireIncident: retirement.decide_retire_incident,
        retirement.RetireCall: retirement.decide_retire_call,
        retirement.Recall: retirement.decide_recall,
    },
    appliers={
        calls.CallReceived: calls.apply_call_received,
        calls.CallAnswered: calls.apply_call_answered,
        calls.CallAbandoned: calls.apply_call_abandoned,
        calls.CallEnded: calls.apply_call_ended,
        calls.CallAttached: calls.apply_call_attached,
        calls.CallDetached: calls.apply_call_detached,
        incidents.IncidentOpened: incidents.apply_incident_opened,
        incidents.IncidentRetyped: incidents.apply_incident_retyped,
        incidents.PriorityChanged: incidents.apply_priority_changed,
        incidents.IncidentMoved: incidents.apply_incident_moved,
        incidents.AlarmRaised: incidents.apply_alarm_raised,
        incidents.NoteAdded: incidents.apply_note_added,
        incidents.IncidentClosed: incidents.apply_incident_closed,
        incidents.IncidentReopened: incidents.apply_incident_reopened,
        assignments.UnitAssigned: assignments.apply_unit_assigned,
        assignments.AssignmentEnded: assignments.apply_assignment_ended,
        assignments.TimeCorrected: assignments.apply_time_corrected,
        units.UnitEnrolled: units.apply_unit_enrolled,
        units.StatusReported: units.apply_status_reported,
        units.EmergencyRaised: units.apply_emergency_raised,
        units.EmergencyCleared: units.apply_emergency_cleared,
        retirement.Retired: retirement.apply_retired,
        retirement.Recalled: retirement.apply_recalled,
    },
    recall=Recall(retirement.Retired, retirement.absent, retirement.restored),
    kernel_only=frozenset({retirement.Recall}),
    urgent=frozenset({calls.ReceiveCall, calls.AnswerCall, units.RaiseEmergency}),
)

# A city that is worked live: what is over retires by itself.
live = replace(domain, timers=TIMERS)
