// Shapes of the map, drawn to pictures that the map library can place. Each is told apart by shape and text as well.

/** Polygon points of priorities 1 to 3 around the origin; 4 is a circle, 5 a ring. */
export const SHAPES: Record<number, string> = {
  1: '-3.7,-9 3.7,-9 9,-3.7 9,3.7 3.7,9 -3.7,9 -9,3.7 -9,-3.7',
  2: '0,-9.5 9.5,8 -9.5,8',
  3: '0,-10 10,0 0,10 -10,0',
};

const SCALE = 2; // pictures are drawn at twice their size, for sharp edges

export type Colours = (name: string) => string;

/** A priority symbol of 32 pixels. */
export function priorityPicture(level: number, colour: Colours, selected: boolean): ImageData {
  return drawn(36, (pen) => {
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

function outline(pen: CanvasRenderingContext2D, level: number): void {
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
export function unitPicture(how: 'stands' | 'moves' | 'old', fill: string, colour: Colours): ImageData {
  return drawn(26, (pen) => {
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

function drawn(size: number, draw: (pen: CanvasRenderingContext2D) => void): ImageData {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = size * SCALE;
  const pen = canvas.getContext('2d');
  if (pen === null) throw new Error('this browser draws no canvas');
  pen.scale(SCALE, SCALE);
  pen.translate(size / 2, size / 2);
  draw(pen);
  return pen.getImageData(0, 0, canvas.width, canvas.height);
}

export const PIXEL_RATIO = SCALE;
