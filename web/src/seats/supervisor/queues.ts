// Who waits for a voice, who is there to answer, and what was cut off: rows of the queues in words. Pure.
import { age } from '../../words/words';

export interface QueueRow {
  queue: string;
  line: string;
  length: number;
  oldest_since: number | null;
  agents: Record<string, number>;
  target_ms: number;
  looked_at: number;
  in_time: number;
  answered: number;
  abandoned: number;
  storm_since: number | null;
}

export interface AgentRow {
  seat: string;
  state: string;
  why: string;
  since: number;
  queues: string[];
  languages: string[];
}

export interface EngineRow {
  engine: string;
  since: number;
  why: string;
}

export interface LostRow {
  leg: string;
  number: string;
  since: number;
  call: string;
  seat: string;
}

/** 911 first, then those in which somebody waits, then by name. */
export const inOrder = (queues: readonly QueueRow[]): QueueRow[] =>
  [...queues].sort((a, b) => Number(b.line === '911') - Number(a.line === '911') || Number(b.length > 0) - Number(a.length > 0) || a.queue.localeCompare(b.queue));

/** Whether the first caller of a queue has waited longer than is promised. */
export const late = (queue: QueueRow, now: number): boolean => queue.oldest_since !== null && now - queue.oldest_since > queue.target_ms;

/** How many of the last callers were answered within the target; '' before the first. */
export const inTime = (queue: QueueRow): string => (queue.looked_at === 0 ? '' : `${Math.round((100 * queue.in_time) / queue.looked_at)} % of ${queue.looked_at}`);

export const agentsOf = (queue: QueueRow): string =>
  Object.entries(queue.agents).map(([state, n]) => `${n} ${state.replaceAll('_', ' ')}`).join(', ') || 'nobody signed on';

export const waited = (queue: QueueRow, now: number): string => (queue.oldest_since === null ? '' : age(now - queue.oldest_since));
