// The tokens, computed: contrast of every pair that is written in lists and cards, and the distance of the priorities for
// every colour vision (Machado, Oliveira and Fernandes 2009, severity 1; CIEDE2000 by Sharma, Wu and Dalal 2005).
import { describe, expect, test } from 'vitest';

import SHEET from './tokens.css?raw';

type Rgb = [number, number, number];

function theme(name: string): Record<string, string> {
  const block = SHEET.split(`[data-theme="${name}"] {`)[1]?.split('}')[0] ?? '';
  return Object.fromEntries([...block.matchAll(/--([a-z0-9-]+): (#[0-9a-f]{6});/g)].map((found) => [found[1], found[2]]));
}

const linear = (hex: string): Rgb =>
  [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)) as Rgb;

function contrast(a: string, b: string): number {
  const [x, y] = [a, b].map((hex) => {
    const [r, g, bl] = linear(hex);
    return 0.2126 * r + 0.7152 * g + 0.0722 * bl + 0.05;
  }) as [number, number];
  return Math.max(x, y) / Math.min(x, y);
}

const VISIONS: Record<string, number[][]> = {
  usual: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  protan: [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
  deutan: [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
  tritan: [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
};

const seen = (hex: string, vision: string): Rgb => {
  const rgb = linear(hex);
  const rows = VISIONS[vision] as number[][];
  return rows.map((row) => Math.min(1, Math.max(0, row.reduce((sum, part, i) => sum + part * (rgb[i] as number), 0)))) as Rgb;
};

function lab([r, g, b]: Rgb): Rgb {
  const xyz = [
    (0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047,
    0.2126729 * r + 0.7151522 * g + 0.072175 * b,
    (0.0193339 * r + 0.119192 * g + 0.9503041 * b) / 1.08883,
  ];
  const [x, y, z] = xyz.map((t) => (t > 216 / 24389 ? Math.cbrt(t) : ((24389 / 27) * t + 16) / 116)) as Rgb;
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

function ciede2000([l1, a1, b1]: Rgb, [l2, a2, b2]: Rgb): number {
  const rad = Math.PI / 180;
  const c7 = ((Math.hypot(a1, b1) + Math.hypot(a2, b2)) / 2) ** 7;
  const grey = 0.5 * (1 - Math.sqrt(c7 / (c7 + 25 ** 7)));
  const [p1, p2] = [a1 * (1 + grey), a2 * (1 + grey)];
  const [c1, c2] = [Math.hypot(p1, b1), Math.hypot(p2, b2)];
  const hue = (a: number, b: number): number => (a === 0 && b === 0 ? 0 : (Math.atan2(b, a) / rad + 360) % 360);
  const [h1, h2] = [hue(p1, b1), hue(p2, b2)];
  let turn = c1 * c2 === 0 ? 0 : h2 - h1;
  if (turn > 180) turn -= 360;
  if (turn < -180) turn += 360;
  const dh = 2 * Math.sqrt(c1 * c2) * Math.sin((turn / 2) * rad);
  const [lm, cm] = [(l1 + l2) / 2, (c1 + c2) / 2];
  const sum = h1 + h2;
  const hm = c1 * c2 === 0 ? sum : Math.abs(h1 - h2) <= 180 ? sum / 2 : (sum + (sum < 360 ? 360 : -360)) / 2;
  const t = 1 - 0.17 * Math.cos((hm - 30) * rad) + 0.24 * Math.cos(2 * hm * rad) + 0.32 * Math.cos((3 * hm + 6) * rad) -
    0.2 * Math.cos((4 * hm - 63) * rad);
  const sl = 1 + (0.015 * (lm - 50) ** 2) / Math.sqrt(20 + (lm - 50) ** 2);
  const [sc, sh] = [1 + 0.045 * cm, 1 + 0.015 * cm * t];
  const rt = -2 * Math.sqrt(cm ** 7 / (cm ** 7 + 25 ** 7)) * Math.sin(60 * Math.exp(-(((hm - 275) / 25) ** 2)) * rad);
  const [dl, dc] = [(l2 - l1) / sl, (c2 - c1) / sc];
  return Math.sqrt(dl ** 2 + dc ** 2 + (dh / sh) ** 2 + rt * dc * (dh / sh));
}

test('the distance is that of the published test data (Sharma 2005, pairs 1, 7, 17 and 25)', () => {
  const near = (a: Rgb, b: Rgb): number => Math.round(ciede2000(a, b) * 1e4) / 1e4;
  expect(near([50, 2.6772, -79.7751], [50, 0, -82.7485])).toBe(2.0425);
  expect(near([50, 0, 0], [50, -1, 2])).toBe(2.3669);
  expect(near([50, 2.5, 0], [73, 25, -18])).toBe(27.1492);
  expect(near([60.2574, -34.0099, 36.2677], [60.4626, -34.1751, 39.4387])).toBe(1.2644);
});

describe.each(['night', 'day'])('by %s', (name) => {
  const colour = theme(name);
  const of = (role: string): string => {
    expect(colour[role], role).toBeDefined();
    return colour[role] as string;
  };

  test('what is written in queue, card and board stands out 7 to 1', () => {
    const grounds = ['panel', 'raised', 'sunk', 'accent-ground'];
    const inks = ['ink', 'ink-soft', 'good', 'warn', 'alarm', 'busy', 'accent'];
    const pairs = grounds.flatMap((ground) => inks.map((ink) => [ink, ground] as const));
    pairs.push(['ink-faint', 'panel'], ['ink-faint', 'sunk'], ['warn', 'warn-ground'], ['alarm', 'alarm-ground'], ['good', 'good-ground'], ['accent-ink', 'accent']);
    const weak = pairs.filter(([ink, ground]) => contrast(of(ink), of(ground)) < 7).map((pair) => pair.join(' on '));
    expect(weak).toEqual([]);
  });

  test('controls, the frame of the focus and the shapes of priorities stand out 3 to 1', () => {
    const weak = [['control-edge', 'panel'], ['focus', 'panel'], ['focus', 'raised'], ['focus', 'accent-ground'], ['p1', 'p1-ink'], ['p2', 'p2-ink'], ['p3', 'p3-ink'], ['p4', 'p4-ink']]
      .filter(([a, b]) => contrast(of(a as string), of(b as string)) < 3);
    expect(weak).toEqual([]);
  });

  test.each(Object.keys(VISIONS))('any two priorities stay apart for %s eyes', (vision) => {
    const colours = [1, 2, 3, 4, 5].map((level) => lab(seen(of(`p${level}`), vision)));
    const distances = colours.flatMap((a, i) => colours.slice(i + 1).map((b) => ciede2000(a, b)));
    expect(Math.min(...distances)).toBeGreaterThanOrEqual(11);
  });
});

test('the checks can fail: two reds are too near for anyone, and grey on grey cannot be read', () => {
  expect(ciede2000(lab(seen('#a1121f', 'usual')), lab(seen('#a81826', 'usual')))).toBeLessThan(11);
  expect(contrast('#777777', '#888888')).toBeLessThan(7);
});
