// What a typed type means: an entry of the city's table, and nothing that comes near. Pure.
import type { TypeCode } from '../api/types';

const plain = (text: string): string => text.trim().toLowerCase().replace(/\s+/g, ' ');

/** The entry of the table that a text is, letter for letter but for its case. */
export const typeOf = (text: string, types: readonly TypeCode[]): TypeCode | undefined => types.find((one) => plain(one.word) === plain(text));
