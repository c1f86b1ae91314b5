// Who may do what, from the policy's own table: a page offers what its person may do, and the server decides.
import type { Cells, PolicyKnown } from '../../api/types';

export interface Line {
  action: string;
  cells: Map<string, string>; // by role: '' for not, else for which audience or purpose
}

const name = (cell: Cells): string => {
  const purposes = cell.purposes.includes('none') ? [] : cell.purposes; // without saying why, and so for any reason
  const parts = [cell.audience ?? '', purposes.length > 0 ? `for ${purposes.map((one) => one.replaceAll('_', ' ')).join(', ')}` : ''];
  return parts.filter((part) => part !== '').join(' ') || 'yes';
};

/** Whether one of these roles may ask a command without saying why; what forbids it wins where it is of the same audience. */
export function mayDo(policy: PolicyKnown | undefined, roles: readonly string[], action: string): boolean {
  if (policy === undefined) return false;
  const fits = (cell: Cells): boolean => roles.includes(cell.role) && cell.action === action && cell.purposes.includes('none');
  const audiences = (cells: Cells[] | undefined): string[] => (cells ?? []).filter(fits).map((cell) => cell.audience ?? '');
  const forbidden = audiences(policy.forbids);
  return audiences(policy.permits).some((audience) => !forbidden.includes(audience));
}

/** One line an action, one cell a role, the actions by name. */
export function tableOf(policy: PolicyKnown, asked: string): Line[] {
  const lines = new Map<string, Map<string, string[]>>();
  for (const cell of policy.permits) {
    const line = lines.get(cell.action) ?? new Map<string, string[]>();
    lines.set(cell.action, line);
    line.set(cell.role, [...(line.get(cell.role) ?? []), name(cell)]);
  }
  const words = asked.toLowerCase().replaceAll('_', ' ').split(/\s+/).filter((word) => word !== '');
  return [...lines]
    .filter(([action, line]) => words.every((word) => `${action.replaceAll('_', ' ')} ${[...line.keys()].join(' ').replaceAll('_', ' ')}`.toLowerCase().includes(word)))
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([action, line]) => ({ action, cells: new Map([...line].map(([role, said]) => [role, [...new Set(said)].join(' · ')])) }));
}

export const actionWords = (action: string): string => action.replaceAll('_', ' ').replace('.', ': ').replace(': view.', ': see ');
