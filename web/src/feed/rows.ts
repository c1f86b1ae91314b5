// Rows as the server renders them (dispatch/reads/views.py, simulation/living.py). Times are milliseconds since the
// epoch, positions 1e-7 degrees.

export interface UnitRow {
  unit: string;
  kind: string;
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
  verified: boolean; // in the geofile, or confirmed by the caller: two facts
  in_geofile: boolean;
  caller_confirmed: boolean;
  flags: string[];
  received_at: number;
  opened_at: number;
  alarm_level: number;
  calls: number;
  units: AssignmentRow[];
  notes: { at: number; text: string }[];
}

export interface TrackRow {
  x: number;
  y: number;
  heading: number;
  at: number;
  moving: boolean;
}

export interface DriveRow {
  line: [number, number][];
  departed_at: number;
  arrives_at: number;
}

export interface PlanRow {
  verdicts: { unit: string; reason: string; words: string; travel_s: number | null }[];
}

export interface ClockRow {
  speed: number;
  paused: boolean;
  speeds: number[];
}

export const E7 = 10_000_000;
