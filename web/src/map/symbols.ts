// Shapes of the map, drawn to pictures that the living layer can place. Each is told apart by shape and text as well.

/** Polygon points of priorities 1 to 3 around the origin; 4 is a circle, 5 a ring. */
export const SHAPES: Record<number, string> = {
  1: '-3.7,-9 3.7,-9 9,-3.7 9,3.7 3.7,9 -3.7,9 -9,3.7 -9,-3.7',
  2: '0,-9.5 9.5,8 -9.5,8',
  3: '0,-10 10,0 0,10 -10,0',
};

const HALO = 1.8; // of a label, in pixels

export type Colours = (name: string) => string;

export type Picture = OffscreenCanvas;

/** A priority symbol of 32 pixels, on a screen of so many dots a pixel. */
export function priorityPicture(level: number, colour: Colours, selected: boolean, dots: number): Picture {
  return drawn(36, dots, (pen) => {
    pen.scale(1.45, 1.45);
    pen.fillStyle = level === 5 ? colour('--panel') : colour(`--p${level}`);
    pen.strokeStyle = level === 5 ? colour('--p5') : colour('--p-outline');
    pen.lineWidth = level === 5 ? 3 : 1.4;
    outline(pen, level);
    pen.fill();
    pen.stroke();
    if (selected) {
      pen.strokeStyle = colour('--focus');
      pen.lineWidth = 1.8;
      pen.beginPath();
      pen.arc(0, 0, 11.4, 0, 2 * Math.PI);
      pen.stroke();
    }
    pen.fillStyle = level === 5 ? colour('--ink') : colour(`--p${level}-ink`);
    pen.font = '700 10px "Inter Variable", sans-serif';
    pen.textAlign = 'center';
    pen.textBaseline = 'middle';
    pen.fillText(String(level), 0, level === 2 ? 2 : 0.5);
  });
}

function outline(pen: OffscreenCanvasRenderingContext2D, level: number): void {
  pen.beginPath();
  const points = SHAPES[level];
  if (points === undefined) {
    pen.arc(0, 0, level === 5 ? 7 : 8.5, 0, 2 * Math.PI);
    return;
  }
  points.split(' ').forEach((pair, i) => {
    const [x, y] = pair.split(',').map(Number) as [number, number];
    if (i === 0) pen.moveTo(x, y);
    else pen.lineTo(x, y);
  });
  pen.closePath();
}

/** A unit: an arrow head when it moves, a rounded square when it stands, a hollow one where its position is old. */
export function unitPicture(how: 'stands' | 'moves' | 'old', fill: string, colour: Colours, dots: number, heading = 0): Picture {
  return drawn(26, dots, (pen) => {
    pen.rotate((heading * Math.PI) / 180);
    pen.fillStyle = how === 'old' ? colour('--panel') : fill;
    pen.strokeStyle = how === 'old' ? fill : colour('--p-outline');
    pen.lineWidth = how === 'old' ? 2.4 : 1.6;
    if (how === 'old') pen.setLineDash([3, 2]);
    pen.beginPath();
    if (how === 'moves') {
      pen.moveTo(0, -11);
      pen.lineTo(8, 9);
      pen.lineTo(0, 5);
      pen.lineTo(-8, 9);
      pen.closePath();
    } else {
      pen.roundRect(-6, -6, 12, 12, 3);
    }
    pen.fill();
    pen.stroke();
  });
}

/** What a station can still send: a disc with the number, in the tone of a warning where it is none; without a text a dot or a small cross. */
export function freePicture(text: string, none: boolean, colour: Colours, dots: number): Picture {
  const tone = none ? '--warn' : '--good';
  if (text === '') return smallPicture(none, colour(tone), colour('--map-halo'), dots);
  return drawn(30, dots, (pen) => {
    pen.fillStyle = colour(`${tone}-ground`);
    pen.strokeStyle = colour(tone);
    pen.lineWidth = 2;
    pen.beginPath();
    pen.arc(0, 0, 13, 0, 2 * Math.PI);
    pen.fill();
    pen.stroke();
    pen.fillStyle = colour(tone);
    pen.font = '600 14px "Inter Variable", sans-serif';
    pen.textAlign = 'center';
    pen.textBaseline = 'middle';
    pen.fillText(text, 0, 0.5);
  });
}

function smallPicture(none: boolean, tone: string, halo: string, dots: number): Picture {
  return drawn(14, dots, (pen) => {
    pen.lineCap = 'round';
    for (const [colour, wide] of [[halo, 5], [tone, 2.4]] as const) {
      pen.strokeStyle = colour;
      pen.lineWidth = wide;
      pen.beginPath();
      if (none) {
        pen.moveTo(-3.5, -3.5);
        pen.lineTo(3.5, 3.5);
        pen.moveTo(3.5, -3.5);
        pen.lineTo(-3.5, 3.5);
      } else {
        pen.arc(0, 0, 3, 0, 2 * Math.PI);
      }
      pen.stroke();
    }
  });
}

/** A line of text with a halo, its middle in the middle of the picture. */
export function labelPicture(text: string, size: number, colour: Colours, dots: number): Picture {
  const font = `500 ${size}px "Inter Variable", sans-serif`;
  const ruler = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true }) as OffscreenCanvasRenderingContext2D;
  ruler.font = font;
  const wide = Math.ceil(ruler.measureText(text).width) + 2 * HALO + 2;
  return drawn([wide, size + 2 * HALO + 4], dots, (pen) => {
    pen.font = font;
    pen.textAlign = 'center';
    pen.textBaseline = 'middle';
    pen.lineJoin = 'round';
    pen.lineWidth = 2 * HALO;
    pen.strokeStyle = colour('--map-halo');
    pen.strokeText(text, 0, 0);
    pen.fillStyle = colour('--ink');
    pen.fillText(text, 0, 0);
  });
}

function drawn(size: number | [number, number], dots: number, draw: (pen: OffscreenCanvasRenderingContext2D) => void): Picture {
  const [wide, high] = typeof size === 'number' ? [size, size] : size;
  const canvas = new OffscreenCanvas(Math.ceil(wide * dots), Math.ceil(high * dots));
  const pen = canvas.getContext('2d', { willReadFrequently: true });
  if (pen === null) throw new Error('this browser draws no canvas');
  pen.scale(dots, dots);
  pen.translate(wide / 2, high / 2);
  draw(pen);
  return canvas;
}
