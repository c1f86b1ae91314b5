// Units to choose one's own from: those that work first, since a crew that looks is most often one that was sent.
import type { UnitRow } from '../../feed/rows';
import { isWorking } from '../../words/words';

const rank = (row: UnitRow): number => (['ASG', 'DSP', 'ACK', 'ENR'].includes(row.status) ? 0 : isWorking(row.status) ? 1 : row.status === 'OFF' ? 3 : 2);

export function chosenFrom(units: readonly UnitRow[], asked: string): UnitRow[] {
  const words = asked.toLowerCase().split(/\s+/).filter((word) => word !== '');
  const fits = (row: UnitRow): boolean => {
    const said = `${row.unit} ${row.kind} ${row.station}`.toLowerCase();
    return words.every((word) => said.includes(word));
  };
  return units.filter(fits).sort((a, b) => rank(a) - rank(b) || a.unit.localeCompare(b.unit, 'en', { numeric: true }));
}
