// What the command bar's server says of a line (POST /api/bar/read, /act, /undo). One grammar, and it lives there.
import { post, type Answer } from '../api/http';
import { newId } from '../api/ids';

export interface Understood {
  part: string; // which part of the command: unit, incident, place, …
  text: string; // as it was typed
  meaning: string;
}

export interface Reading {
  understood: Understood[];
  readings: string[]; // more than one where the line could mean two things
  effect: string[];
  plan: string; // the digest of what Enter will do; '' where it can do nothing
  problems: (string | { text?: string; code?: string; message?: string })[];
  candidates: (string | { text: string; meaning?: string })[];
}

export interface Acted {
  outcome?: string;
  plan_changed?: boolean;
  reading?: Reading;
  [more: string]: unknown;
}

export interface Line {
  text: string;
  seat: string;
  selected?: string;
}

export const read = (line: Line, signal: AbortSignal): Promise<Answer<Reading>> => post<Reading>('/api/bar/read', line, signal);

export const act = (line: Line, plan: string, id: string = newId('bar')): Promise<Answer<Acted>> =>
  post<Acted>('/api/bar/act', { ...line, plan, id });

export const undo = (seat: string, id: string): Promise<Answer<Acted>> => post<Acted>('/api/bar/undo', { seat, id });
