// Whether the city's words cover everything: each type has what its response needs, each status a word, each word one place.
import type { CodeTable, Status, StatusTable } from '../../api/types';
import { statusWords } from '../../words/words';

export interface Gap {
  where: 'types' | 'dispositions' | 'statuses';
  says: string;
  advice: string;
}

const NEEDED: readonly Status[] = ['LOG', 'AQ', 'AR', 'DSP', 'ENR', 'ONS', 'TRN', 'HSP', 'CLR', 'OOS', 'OFF'];

const twice = (words: readonly string[]): string[] => [...new Set(words.filter((word, i) => words.findIndex((one) => one.toUpperCase() === word.toUpperCase()) < i))];

function ofCodes(codes: CodeTable): Gap[] {
  const [types, dispositions] = [codes.types ?? [], codes.dispositions ?? []];
  const gaps: Gap[] = [];
  if (types.length === 0) gaps.push({ where: 'types', says: 'No table of types is adopted: any word is taken as a type.', advice: 'Adopt a table, so that a slip of the pen is refused.' });
  if (dispositions.length === 0) gaps.push({ where: 'dispositions', says: 'No table of dispositions is adopted: any ending is taken.', advice: 'Adopt a table of how incidents end.' });
  for (const one of types.filter((type) => !type.group)) gaps.push({ where: 'types', says: `${one.word} belongs to no group.`, advice: 'Without a group no default response is known: give it one.' });
  for (const one of types.filter((type) => type.common === '')) gaps.push({ where: 'types', says: `${one.word} has no common type.`, advice: 'Other centers cannot read it: name its common type.' });
  for (const word of twice(types.map((one) => one.word))) gaps.push({ where: 'types', says: `${word} is there twice.`, advice: 'Keep one of them.' });
  for (const word of twice(dispositions.map((one) => one.word))) gaps.push({ where: 'dispositions', says: `${word} is there twice.`, advice: 'Keep one of them.' });
  return gaps;
}

function ofStatuses(statuses: StatusTable): Gap[] {
  const words = Object.entries(statuses.words ?? {});
  if (words.length === 0) return [{ where: 'statuses', says: 'No words of the agency are adopted: statuses are said in their codes.', advice: 'Adopt the words that crews use on the radio.' }];
  const said = new Set(words.map(([, status]) => status));
  return NEEDED.filter((status) => !said.has(status)).map((status) => ({
    where: 'statuses' as const, says: `No word means "${statusWords(status)}" (${status}).`, advice: 'Crews cannot say it in their own words: add one.',
  }));
}

export const gapsOf = (codes: CodeTable, statuses: StatusTable): Gap[] => [...ofCodes(codes), ...ofStatuses(statuses)];
