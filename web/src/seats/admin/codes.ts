// A table of codes as it is written: a line each, fields by semicolons.
import type { CodeTable, DispositionCode, TypeCode } from '../../api/types';

export interface Fault {
  line: number;
  says: string;
}

export interface Read {
  table: CodeTable;
  faults: Fault[];
}

/** Read every line; a line that cannot be read is a fault and never left out silently. */
export function readTable(text: string): Read {
  const types: TypeCode[] = [];
  const dispositions: DispositionCode[] = [];
  const faults: Fault[] = [];
  text.split('\n').forEach((said, i) => {
    if (said.trim() === '') return;
    const [kind = '', word = '', common = '', group = '', urgency = ''] = said.split(';').map((one) => one.trim());
    const fault = (says: string): number => faults.push({ line: i + 1, says });
    if (kind !== 'type' && kind !== 'disposition') fault(`begins with "${kind}", not with type or disposition`);
    else if (word === '' || common === '') fault('needs a word and what it is called in common');
    else if (kind === 'disposition') dispositions.push({ word, common });
    else if (urgency !== '' && !/^[1-5]$/.test(urgency)) fault(`has the priority "${urgency}", not 1 to 5`);
    else types.push({ word, common, ...(group === '' ? {} : { group }), ...(urgency === '' ? {} : { priority: Number(urgency) }) });
  });
  return { table: { types, dispositions }, faults };
}
