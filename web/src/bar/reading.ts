// What the command bar's server says of a line. One grammar, and it lives there.
import { post, type Answer } from '../api/http';
import type { BarLine, BarOutcome, BarReading } from '../api/types';

export const read = (line: BarLine, signal: AbortSignal): Promise<Answer<BarReading>> => post<BarReading>('/api/bar/read', line, signal);

export const act = (line: BarLine, plan: string, id: string): Promise<Answer<BarOutcome>> =>
  post<BarOutcome>('/api/bar/act', { ...line, plan, id });
