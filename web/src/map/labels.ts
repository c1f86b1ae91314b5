// Which names have room on the map and on which side of their mark: nothing covers another, and a name stays where it was.

export const SIDES = ['below', 'above', 'left', 'right'] as const;
export type Side = (typeof SIDES)[number];

export interface Named {
  key: string;
  x: number; // pixels, the middle of the mark
  y: number;
  reach: number; // pixels from the middle of the mark to its edge
  width: number; // of its name; 0 without one
  height: number;
}

type Box = [left: number, top: number, right: number, bottom: number];

const CELL = 48; // pixels

/** Boxes that are taken, by cells of the screen, so that only what lies nearby is compared. */
class Taken {
  private cells = new Map<number, Box[]>();

  free(box: Box): boolean {
    return this.over(box).every((cell) => (this.cells.get(cell) ?? []).every((other) => !overlap(box, other)));
  }

  take(box: Box): void {
    for (const cell of this.over(box)) {
      const found = this.cells.get(cell);
      if (found === undefined) this.cells.set(cell, [box]);
      else found.push(box);
    }
  }

  private over([left, top, right, bottom]: Box): number[] {
    const cells: number[] = [];
    for (let i = Math.floor(left / CELL); i <= Math.floor(right / CELL); i += 1) {
      for (let j = Math.floor(top / CELL); j <= Math.floor(bottom / CELL); j += 1) cells.push(i * 65_536 + j);
    }
    return cells;
  }
}

const overlap = (a: Box, b: Box): boolean => a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];

/** Who has no room beside those before it, and is drawn small: marks of a size that lie over none that came first. */
export function crowded(marks: readonly Pick<Named, 'key' | 'x' | 'y' | 'reach'>[]): Set<string> {
  const taken = new Taken();
  const small = new Set<string>();
  for (const one of marks) {
    const box: Box = [one.x - one.reach, one.y - one.reach, one.x + one.reach, one.y + one.reach];
    if (taken.free(box)) taken.take(box);
    else small.add(one.key);
  }
  return small;
}

/** How far the middle of a name lies from the middle of its mark. */
export function offset(one: Named, side: Side): [number, number] {
  if (side === 'below') return [0, one.reach + one.height / 2];
  if (side === 'above') return [0, -one.reach - one.height / 2];
  return [(side === 'left' ? -1 : 1) * (one.reach + one.width / 2), 0];
}

/** The side of each name that has room on a map of that size. Who comes first has the first choice; `before` is asked first for each. */
export function place(named: readonly Named[], [wide, high]: readonly [number, number], before: ReadonlyMap<string, Side>): Map<string, Side> {
  const taken = new Taken();
  const whole = ([left, top, right, bottom]: Box): boolean => left >= 0 && top >= 0 && right <= wide && bottom <= high;
  for (const one of named) taken.take([one.x - one.reach, one.y - one.reach, one.x + one.reach, one.y + one.reach]);
  const sides = new Map<string, Side>();
  for (const one of named) {
    if (one.width === 0) continue;
    const was = before.get(one.key);
    const order = was === undefined ? SIDES : [was, ...SIDES.filter((side) => side !== was)];
    const side = order.find((asked) => whole(boxOf(one, asked)) && taken.free(boxOf(one, asked)));
    if (side === undefined) continue;
    taken.take(boxOf(one, side));
    sides.set(one.key, side);
  }
  return sides;
}

function boxOf(one: Named, side: Side): Box {
  const [east, south] = offset(one, side);
  const [x, y] = [one.x + east, one.y + south];
  const [wide, high] = [one.width / 2, one.height / 2 - 1]; // names may nearly touch
  return [x - wide, y - high, x + wide, y + high];
}
