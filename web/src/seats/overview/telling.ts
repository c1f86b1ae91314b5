// The figures of today in the order in which they are asked for, and how each is written.
import type { Figure } from '../../api/types';
import { span } from '../../words/words';

export interface Chapter {
  title: string;
  figures: Figure[];
}

const CAME_IN = ['calls', 'hung_up', 'incidents'];
const DONE = ['dispatches', 'closed', 'on_duty'];

/** What came in, what was done, how fast it was: each figure once. */
export function chapters(figures: readonly Figure[]): Chapter[] {
  const named = (ids: string[]): Figure[] => figures.filter((one) => ids.includes(one.id));
  const rest = figures.filter((one) => ![...CAME_IN, ...DONE].includes(one.id));
  return [
    { title: 'What came in', figures: named(CAME_IN) },
    { title: 'What was done', figures: named(DONE) },
    { title: 'How fast', figures: rest.filter((one) => one.unit === 's') },
    { title: 'Against the standards', figures: rest.filter((one) => one.unit !== 's') },
  ].filter((chapter) => chapter.figures.length > 0);
}

/** The number as it is read; nothing that could be counted yet is said, not shown as nought. */
export function valueOf(figure: Figure): { value: string; unit: string } {
  if (figure.value === null) return { value: '–', unit: 'nothing counted yet' };
  if (figure.unit === 's') return { value: figure.value < 60 ? `${Math.round(figure.value * 10) / 10} s` : span(figure.value), unit: '' };
  if (figure.unit === '%') return { value: `${figure.value} %`, unit: '' };
  return { value: figure.value.toLocaleString('en-GB'), unit: figure.unit };
}
