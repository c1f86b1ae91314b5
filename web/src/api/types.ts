// Made by `redstick types` from the structs of the interface. Do not edit: change those, and make it again.

/** Say that the caller hung up before an answer. */
export interface AbandonCall {
  call: string;
}

/** Add a line to the narrative. */
export interface AddNote {
  incident: string;
  text: string;
}

/** Put a compiled policy into force. */
export interface AdoptPolicy {
  policy: Policy;
}

/** Claim a ringing call for a seat. */
export interface AnswerCall {
  call: string;
  seat: string;
}

/** Send units to an incident. `despite` overrides that one is not free, and is kept with the assignment. */
export interface AssignUnits {
  incident: string;
  units: string[];
  alerted?: boolean;
  despite?: string;
}

/** Say which incident a call speaks of; moving it from another is said the same way. */
export interface AttachCall {
  call: string;
  incident: string;
}

/** Begin: the first policy and the first administrator, in one. The only command that needs nobody's leave. */
export interface Bootstrap {
  person: string;
  roles: string[];
  policy: Policy;
  services?: Record<string, string[]>;
}

/** Take emergency access for oneself. */
export interface BreakGlass {
  person: string;
  reason: string;
}

/** The cells of one role, one action and one audience, under each of these purposes. */
export interface Cells {
  role: string;
  action: string;
  purposes: string[];
  audience?: string;
}

/** Change the urgency. */
export interface ChangePriority {
  incident: string;
  priority: number;
}

/** Say, by name and with a reason, that the danger is over. */
export interface ClearEmergency {
  unit: string;
  by: string;
  reason: string;
}

/** Close it with a disposition, or call it off with a reason. */
export interface CloseIncident {
  incident: string;
  disposition: string;
  cancelled?: boolean;
}

/** Say when something really happened. */
export interface CorrectTime {
  incident: string;
  unit: string;
  stamp: string;
  true_at: number;
  reason: string;
}

/** Who wants in. */
export interface Credentials {
  name: string;
  password: string;
}

/** Take back that a call speaks of its incident. */
export interface DetachCall {
  call: string;
}

/** Say that the conversation is over. */
export interface EndCall {
  call: string;
}

/** End emergency access; its timer asks this too. */
export interface EndEmergency {
  person: string;
}

/** Sign a person out everywhere: after a new password, or when a device is lost. */
export interface EndSessions {
  person: string;
}

/** Make someone known, in some roles. */
export interface EnrollPerson {
  person: string;
  roles?: string[];
  service?: boolean;
}

/** Put a unit on the roster, or change its facts. */
export interface EnrollUnit {
  unit: string;
  kind?: string;
  agency?: string;
  station?: string;
  capabilities?: string[];
  staffing?: number | null;
}

/** What changed after feed position `start` up to `end`: rows as they are now, and the keys that are gone. */
export interface Frame {
  from: number;
  to: number;
  now: number;
  rows: Record<string, unknown>;
  gone: string[];
}

/** Let a person act in a role; nobody grants one to themself. */
export interface GrantRole {
  person: string;
  role: string;
}

/** Who is signed in. `token` is for programs; a browser holds it in its cookie. */
export interface Holder {
  person: string;
  roles: string[];
  token?: string;
}

/** Say where it really is. */
export interface MoveIncident {
  incident: string;
  place: Place;
  zones?: Record<string, string>;
}

/** Open an incident, usually for a call. */
export interface OpenIncident {
  incident: string;
  number?: string;
  kind?: string;
  group?: string;
  priority?: number;
  place?: Place;
  zones?: Record<string, string>;
  alarm_level?: number;
  call?: string;
}

/** Where something is. */
export interface Place {
  text?: string;
  x?: number | null;
  y?: number | null;
  municipality?: string;
  quality?: string;
  source?: string;
  uncertainty_m?: number | null;
  in_geofile?: boolean;
  caller_confirmed?: boolean;
}

/** Who may do what, read what, and why. What no cell permits is refused. */
export interface Policy {
  texts: PolicyText[];
  roles: string[];
  audiences: string[];
  purposes: Purpose[];
  permits: Cells[];
  forbids?: Cells[];
  emergency_role?: string;
  emergency_ms?: number;
}

/** A file that the policy was compiled from: its name, and the SHA-256 of its bytes in hexadecimal. */
export interface PolicyText {
  name: string;
  sha256: string;
}

/** What went wrong: `code` is stable, `data` explains it. */
export interface Problem {
  title: string;
  status: number;
  code: string;
  type?: string;
  detail?: string;
  data?: Record<string, unknown>;
}

/** Why someone asks. With `reference`, the case, incident or request must be named: `open_case:2026-000117`. */
export interface Purpose {
  code: string;
  reference?: boolean;
}

/** Strike a further alarm. */
export interface RaiseAlarm {
  incident: string;
  level: number;
}

/** Say that a responder is in danger. */
export interface RaiseEmergency {
  unit: string;
  how?: string;
}

/** Write down a call that has come in. */
export interface ReceiveCall {
  call: string;
  source: string;
  callback?: string;
  place?: Place;
}

/** Write down a read before it is served. */
export interface RecordReadAllowed {
  person: string;
  view: string;
  audience: string;
  purpose: string;
  emergency?: boolean;
}

/** Write down refused reads. */
export interface RecordReadRefused {
  person: string;
  view: string;
  audience: string;
  purpose: string;
  code: string;
  times?: number;
}

/** Write down that a session begins, before its token is given out. */
export interface RecordSignIn {
  person: string;
  address: string;
}

/** Write down refused attempts to sign in. */
export interface RecordSignInFailed {
  person: string;
  address: string;
  code: string;
  times?: number;
}

/** Write down that a session has ended. */
export interface RecordSignOut {
  person: string;
  address: string;
}

/** Let a unit go from an incident: the explicit way out. */
export interface ReleaseUnit {
  incident: string;
  unit: string;
  ending?: string;
}

/** Open a closed incident again under the same id. */
export interface ReopenIncident {
  incident: string;
  reason: string;
}

/** Say what a unit is doing, by device, by radio through a dispatcher, or from a paper card. */
export interface ReportStatus {
  unit: string;
  status: string;
  incident?: string;
  leaves?: boolean;
  happened_at?: number | null;
  x?: number | null;
  y?: number | null;
}

/** Undo a suspension. */
export interface RestorePerson {
  person: string;
}

/** Let a suspended domain take commands again, after its fault has been mended. */
export interface ResumeDomain {
  domain: string;
}

/** Take a call that is over and speaks of no incident out of the live state. */
export interface RetireCall {
  call: string;
}

/** Take a closed incident and its calls out of the live state. */
export interface RetireIncident {
  incident: string;
}

/** Change the kind. */
export interface RetypeIncident {
  incident: string;
  kind: string;
}

/** Take a role from a person. */
export interface RevokeRole {
  person: string;
  role: string;
}

/** Every row at feed position `at`, where a seat starts. `now` is the city's time, ms since the epoch. */
export interface Snapshot {
  at: number;
  now: number;
  rows: Record<string, unknown>;
}

/** Stop a person from doing or reading anything, at once. */
export interface SuspendPerson {
  person: string;
  reason: string;
}

/** An accepted command: its id, the position of its last line, and its events as kind and payload. */
export interface Told {
  command: string;
  position: number;
  events: ToldEvent[];
}

/** One event of an outcome. */
export interface ToldEvent {
  kind: string;
  payload: Record<string, unknown>;
}

/** What each path takes. */
export interface Commands {
  "/api/access/adopt-policy": AdoptPolicy;
  "/api/access/bootstrap": Bootstrap;
  "/api/access/break-glass": BreakGlass;
  "/api/access/end-emergency": EndEmergency;
  "/api/access/end-sessions": EndSessions;
  "/api/access/enroll-person": EnrollPerson;
  "/api/access/grant-role": GrantRole;
  "/api/access/record-read-allowed": RecordReadAllowed;
  "/api/access/record-read-refused": RecordReadRefused;
  "/api/access/record-sign-in": RecordSignIn;
  "/api/access/record-sign-in-failed": RecordSignInFailed;
  "/api/access/record-sign-out": RecordSignOut;
  "/api/access/restore-person": RestorePerson;
  "/api/access/revoke-role": RevokeRole;
  "/api/access/suspend-person": SuspendPerson;
  "/api/dispatch/abandon-call": AbandonCall;
  "/api/dispatch/add-note": AddNote;
  "/api/dispatch/answer-call": AnswerCall;
  "/api/dispatch/assign-units": AssignUnits;
  "/api/dispatch/attach-call": AttachCall;
  "/api/dispatch/change-priority": ChangePriority;
  "/api/dispatch/clear-emergency": ClearEmergency;
  "/api/dispatch/close-incident": CloseIncident;
  "/api/dispatch/correct-time": CorrectTime;
  "/api/dispatch/detach-call": DetachCall;
  "/api/dispatch/end-call": EndCall;
  "/api/dispatch/enroll-unit": EnrollUnit;
  "/api/dispatch/move-incident": MoveIncident;
  "/api/dispatch/open-incident": OpenIncident;
  "/api/dispatch/raise-alarm": RaiseAlarm;
  "/api/dispatch/raise-emergency": RaiseEmergency;
  "/api/dispatch/receive-call": ReceiveCall;
  "/api/dispatch/release-unit": ReleaseUnit;
  "/api/dispatch/reopen-incident": ReopenIncident;
  "/api/dispatch/report-status": ReportStatus;
  "/api/dispatch/retire-call": RetireCall;
  "/api/dispatch/retire-incident": RetireIncident;
  "/api/dispatch/retype-incident": RetypeIncident;
  "/api/kernel/resume-domain": ResumeDomain;
}
