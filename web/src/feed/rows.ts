// Rows as the server renders them (dispatch/reads). Times are milliseconds since the epoch, positions 1e-7 degrees.
import type { CoverageAlarm, PathKind, PathsStep as Step, Suggestion } from '../api/types';

export interface UnitRow {
  unit: string;
  kind: string;
  agency: string;
  station: string;
  status: string;
  primary: 'Available' | 'ConditionallyAvailable' | 'NotAvailable';
  secondaries: string[];
  since: number;
  incident: string | null;
  emergency_at: number | null;
  mayday: boolean;
  heard_by: string; // who acknowledged the emergency; '' while nobody has
  x: number | null;
  y: number | null;
  seen_at: number | null;
  quality: string; // of its positions; '' for nothing known against them
}

export interface AssignmentRow {
  unit: string;
  sequence: number;
  stamps: Record<string, number>;
  ended_at: number | null;
}

export interface IncidentRow {
  incident: string;
  number: string;
  kind: string;
  priority: number;
  status: string;
  text: string;
  x: number | null;
  y: number | null;
  quality: string;
  municipality: string;
  source: string; // who said where it is
  uncertainty_m: number; // how far the truth may lie from the position
  placed_at: number;
  verified: boolean; // in the geofile, or confirmed by the caller: two facts
  in_geofile: boolean;
  caller_confirmed: boolean;
  flags: string[];
  received_at: number;
  opened_at: number;
  alarm_level: number;
  calls: number;
  spoken_of_by: string[]; // the calls
  links: Record<string, string>;
  zones: Record<string, string>;
  units: AssignmentRow[];
  notes: { at: number; text: string }[];
}

export interface TrackRow {
  x: number;
  y: number;
  heading: number | null; // degrees from north, clockwise
  at: number;
  moving: boolean;
  quality: string;
}

export interface CallRow {
  call: string;
  state: 'presented' | 'answered' | 'on_hold' | 'transferring' | 'callback_reached';
  source: string;
  callback: string;
  text: string;
  x: number | null;
  y: number | null;
  received_at: number;
  answered_at: number | null;
  held_at?: number | null; // since when its caller is on hold
  left?: boolean; // its seat is gone while it is spoken: any seat may answer it
  seat: string;
  incident: string | null;
  flags: string[];
  similar: Suggestion[];
}

export interface CallbackRow {
  number: string;
  callback: string;
  since: number;
  calls: string[];
  attempts: string[];
  seat: string;
  exhausted: boolean;
  called_again: string;
}

export interface PendingRow {
  incident: string;
  need: string;
  agency: string;
  role: string;
  kinds: string[];
  capabilities: string[];
  count: number;
  missing: number;
  units: string[];
  since: number;
  watched: boolean;
  groups: string[]; // that own it
}

export interface AlertRow {
  alert: string;
  unit: string;
  recipient: string;
  purpose: 'dispatch' | 'cancel' | 'facts';
  standing: 'trying' | 'to_voice' | 'alerted' | 'voiced' | 'withheld' | 'ended';
  text: string;
  raised_at: number;
  settled_at: number | null;
  to_voice: boolean;
  taken_by: string;
  attempts: { key: string; path: PathKind; step: Step; proof: Step; queued_at: number }[];
}

export interface AlertsRow {
  incident: string;
  alerts: AlertRow[];
}

export interface CautionRow {
  caution: string;
  shape: 'caution' | 'history' | 'hydrant' | 'pre_plan';
  about: 'person' | 'place' | 'vehicle';
  hazard: string;
  sensitive: boolean;
  text: string | null;
  place: string;
  x: number | null;
  y: number | null;
  suite: string;
  buffer_m: number;
  source: string;
  author: string;
  effective_at: number;
  review_at: number;
  review_overdue: boolean;
}

export interface WarningRow {
  id: string;
  what: string;
  level: 'warn' | 'alarm';
  owner: string;
  raised_at: number;
  unit: string;
  incident: string;
  text: string;
  sound: boolean;
  acknowledged_by: string;
}

export interface SeatRow {
  id: string;
  person: string;
  groups: string[];
  since: number;
  lost_at: number | null;
  briefed_from?: number | null; // the position from which its relief was told what changed
}

export interface GroupRow {
  id: string;
  seats: string[];
  agencies?: string[]; // every one, where none is named
  areas?: { layer: string; zone: string }[]; // likewise
  supervises?: boolean;
  combined_into?: string;
  alarm?: CoverageAlarm | null; // nobody watches it
}

export interface FollowUpRow {
  follow_up: string;
  incident: string;
  text: string;
  municipality: string;
  doubts: string[];
  raised_at: number;
}

export const E7 = 10_000_000;
