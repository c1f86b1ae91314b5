// The figures of today in the order in which they are asked for, and how each is written.
import type { Figure } from '../../api/types';
import { span } from '../../words/words';

export interface Chapter {
  title: string;
  figures: Figure[];
}

const LONG_S = 600; // from here on seconds are not told
const CAME_IN = ['calls', 'hung_up', 'incidents'];
const DONE = ['dispatches', 'closed', 'on_duty'];

/** What came in, what was done, how fast it was: each figure once. */
export function chapters(figures: readonly Figure[]): Chapter[] {
  const named = (ids: string[]): Figure[] => figures.filter((one) => ids.includes(one.id));
  const rest = figures.filter((one) => ![...CAME_IN, ...DONE].includes(one.id));
  const told: Chapter[] = [{ title: 'What came in', figures: named(CAME_IN) }, { title: 'What was done', figures: named(DONE) }];
  for (const one of rest) {
    const begins = one.id.endsWith('_p90'); // an interval, and behind it the standards that are held against it
    if (begins || told.length === 2) told.push({ title: begins ? one.title.replace(', 90th percentile', '') : 'Besides', figures: [] });
    told.at(-1)?.figures.push(begins ? { ...one, title: 'nine in ten were not slower' } : one);
  }
  return told.filter((chapter) => chapter.figures.length > 0);
}

const timeOf = (seconds: number): string =>
  seconds < 60 ? `${Math.round(seconds * 10) / 10} s` : seconds < LONG_S ? span(seconds) : `${Math.round(seconds / 60)} min`;

/** The number as it is read; nothing that could be counted yet is said, not shown as nought. */
export function valueOf(figure: Figure): { value: string; unit: string } {
  if (figure.value === null) return { value: '–', unit: 'nothing counted yet' };
  if (figure.unit === 's') return { value: timeOf(figure.value), unit: '' };
  if (figure.unit === '%') return { value: `${figure.value} %`, unit: '' };
  return { value: figure.value.toLocaleString('en-GB'), unit: figure.unit };
}
