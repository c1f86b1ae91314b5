// Commands: each under an id of its own, so that one sent twice is done once. Nothing is ever sent late by itself.
import { request, type Answer } from './http';
import type { Commands, Told } from './types';

export type CommandPath = keyof Commands;

/**
 * Ask a command. Pass the id again to ask after a lost answer: it gives the same outcome and does nothing twice. `at` is
 * when it happened, where that is not now.
 */
export function command<Path extends CommandPath>(
  path: Path, fields: Commands[Path], id: string, at?: number,
): Promise<Answer<Told>> {
  return request<Told>('POST', path, fields, { 'Idempotency-Key': id, ...(at === undefined ? {} : { 'Redstick-At': String(at) }) });
}
