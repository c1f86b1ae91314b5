// Where numbers lie on an axis, and how axes are labelled. Pure: positions in pixels, spans in seconds, moments in ms.
export type Point = readonly [x: number, y: number];

/** A linear scale from 0 to `max` over so many pixels; where nothing was counted everything lies at 0. */
export const scale = (max: number, pixels: number) => (value: number): number => (max > 0 ? (value / max) * pixels : 0);

/** Round values from 0 on that a reader can add up in their head, about so many, the last not above `max`. */
export function ticks(max: number, about: number): number[] {
  if (max <= 0) return [0];
  const rough = max / about;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, power * ([1, 2, 5, 10].find((one) => one * power >= rough) ?? 10));
  return upTo(max, step);
}

const SPANS_S = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21_600];

/** Spans of a clock: 15 s, 30 s, 1 min; never 25 s or 100 s. */
export function spanTicks(max_s: number, about: number): number[] {
  const step = SPANS_S.find((one) => max_s / one <= about) ?? (SPANS_S.at(-1) as number);
  return upTo(max_s, step);
}

const upTo = (max: number, step: number): number[] => Array.from({ length: Math.floor(max / step + 1e-9) + 1 }, (_, i) => i * step);

/** 0, 45 s, 1.5 min, 2 h: short enough for an axis. */
export function spanLabel(seconds: number): string {
  if (seconds === 0) return '0';
  if (seconds >= 3600) return `${trimmed(seconds / 3600)} h`;
  return seconds >= 60 ? `${trimmed(seconds / 60)} min` : `${trimmed(seconds)} s`;
}

const trimmed = (value: number): string => String(Math.round(value * 10) / 10);

/** A line that keeps its height until the next point: how a count or a share goes. */
export function stepPath(points: readonly Point[]): string {
  return points.map(([x, y], i) => (i === 0 ? `M${at(x)} ${at(y)}` : `H${at(x)}V${at(y)}`)).join('');
}

const at = (value: number): string => String(Math.round(value * 10) / 10);

/** Where labels go that want these heights, so that none lies on another: each as high as it may, `gap` below the one above. */
export function apart(heights: readonly number[], gap: number): number[] {
  const order = heights.map((_, i) => i).sort((a, b) => (heights[a] as number) - (heights[b] as number));
  const placed = [...heights];
  order.forEach((one, i) => {
    const above = i > 0 ? (placed[order[i - 1] as number] as number) : -Infinity;
    placed[one] = Math.max(heights[one] as number, above + gap);
  });
  return placed;
}

/** A bar's place among unequal steps of time: bars are equally wide, so a threshold within one lies part of the way. */
export function placeAmong(ends_s: readonly (number | null)[], seconds: number): number {
  let begin = 0;
  for (const [i, end] of ends_s.entries()) {
    if (end === null) return i;
    if (seconds <= end) return i + (seconds - begin) / (end - begin);
    begin = end;
  }
  return ends_s.length;
}

/** Bars without the empty ones at the far end, and never without those that a threshold needs to stand on. */
export function trimBars<Bar extends { upto_s: number | null; n: number }>(bars: readonly Bar[], reach_s: number): Bar[] {
  let last = bars.length - 1;
  while (last > 0 && bars[last]?.n === 0 && (bars[last - 1]?.upto_s ?? Infinity) > reach_s) last -= 1;
  return bars.slice(0, last + 1);
}
