"""Authority: who may do what and read what, for which purpose; every command and every read passes it.

Pure: policies come in as finite tables, compiled elsewhere from files that a council can read; people are opaque ids.
"""

from redstick.kernel.authority import adoption, emergencies, people, records, sessions
from redstick.kernel.authority.state import Access
from redstick.kernel.domain import Domain

domain = Domain(
    name="access",
    state=Access,
    deciders={
        adoption.Bootstrap: adoption.decide_bootstrap,
        adoption.AdoptPolicy: adoption.decide_adopt_policy,
        people.EnrollPerson: people.decide_enroll_person,
        people.GrantRole: people.decide_grant_role,
        people.RevokeRole: people.decide_revoke_role,
        people.SuspendPerson: people.decide_suspend_person,
        people.RestorePerson: people.decide_restore_person,
        sessions.EndSessions: sessions.decide_end_sessions,
        emergencies.BreakGlass: emergencies.decide_break_glass,
        emergencies.EndEmergency: emergencies.decide_end_emergency,
        records.RecordReadAllowed: records.decide_record,
        records.RecordReadRefused: records.decide_record,
        records.RecordSignIn: records.decide_record_sign_in,
        records.RecordSignOut: records.decide_record,
        records.RecordSignInFailed: records.decide_record,
    },
    appliers={
        adoption.PolicyAdopted: adoption.apply_policy_adopted,
        people.PersonEnrolled: people.apply_person_enrolled,
        people.RoleGranted: people.apply_role_granted,
        people.RoleRevoked: people.apply_role_revoked,
        people.PersonSuspended: people.apply_person_suspended,
        people.PersonRestored: people.apply_person_restored,
        sessions.SessionsEnded: sessions.apply_sessions_ended,
        emergencies.GlassBroken: emergencies.apply_glass_broken,
        emergencies.EmergencyEnded: emergencies.apply_emergency_ended,
        records.ReadAllowed: records.apply_nothing,
        records.ReadRefused: records.apply_nothing,
        records.SignedIn: records.apply_nothing,
        records.SignedOut: records.apply_nothing,
        records.SignInFailed: records.apply_nothing,
    },
    timers={
        emergencies.GlassBroken: emergencies.time_emergency,
        emergencies.EmergencyEnded: emergencies.time_no_emergency,
        people.PersonSuspended: emergencies.time_no_emergency,
    },
)
