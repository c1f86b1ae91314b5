// What differs between two texts, line by line: the longest common run of lines stays, the rest went or came.
export interface DiffLine {
  how: 'same' | 'gone' | 'new';
  text: string;
  line: number; // in the text that has it, from 1
}

const AROUND = 2; // lines of context that are kept

/** Every line of both, in their order. Quadratic in what is left between the common beginning and the common end. */
export function diffOf(before: string, after: string): DiffLine[] {
  const [a, b] = [before.split('\n'), after.split('\n')];
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
  const same = (from: number, to: number): DiffLine[] => b.slice(from, to).map((text, i) => ({ how: 'same', text, line: from + i + 1 }));
  return [...same(0, head), ...between(a.slice(head, a.length - tail), b.slice(head, b.length - tail), head), ...same(b.length - tail, b.length)];
}

function between(a: string[], b: string[], head: number): DiffLine[] {
  const longest = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1));
  const at = (i: number, j: number): number => longest[i]?.[j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) (longest[i] as Uint32Array)[j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  }
  const lines: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) lines.push({ how: 'same', text: b[j++] as string, line: head + j, ...(i++, {}) });
    else if (j >= b.length || (i < a.length && at(i + 1, j) >= at(i, j + 1))) lines.push({ how: 'gone', text: a[i++] as string, line: head + i });
    else lines.push({ how: 'new', text: b[j++] as string, line: head + j });
  }
  return lines;
}

/** Only what changed with a little around it; `null` stands for what is left out. */
export function shortened(lines: readonly DiffLine[]): (DiffLine | null)[] {
  const near = (i: number): boolean => lines.slice(Math.max(0, i - AROUND), i + AROUND + 1).some((one) => one.how !== 'same');
  const shown: (DiffLine | null)[] = [];
  lines.forEach((line, i) => {
    if (near(i)) shown.push(line);
    else if (shown.at(-1) !== null) shown.push(null);
  });
  return shown;
}
