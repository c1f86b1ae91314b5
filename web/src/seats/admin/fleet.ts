// Units by the station where they stand; every station of the city is there, also one without a unit.
import type { UnitRow } from '../../feed/rows';

export interface Station<Row extends UnitRow = UnitRow> {
  id: string;
  name: string;
  units: Row[];
}

export function byStation<Row extends UnitRow>(units: readonly Row[], known: readonly { id: string; name: string }[], asked: string): Station<Row>[] {
  const names = new Map(known.map((one) => [one.id, one.name]));
  const ids = [...new Set([...names.keys(), ...units.map((row) => row.station)])].sort((a, b) => Number(a === '') - Number(b === '') || a.localeCompare(b, 'en', { numeric: true }));
  const words = asked.toLowerCase();
  const fits = (text: string): boolean => text.toLowerCase().includes(words);
  return ids
    .map((id): Station<Row> => {
      const name = names.get(id) ?? '';
      const all = units.filter((row) => row.station === id);
      return { id, name, units: fits(`${id} ${name}`) ? all : all.filter((row) => fits(`${row.unit} ${row.kind}`)) };
    })
    .filter((one) => words === '' || one.units.length > 0 || fits(`${one.id} ${one.name}`));
}
