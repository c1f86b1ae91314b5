// What lives, drawn on a canvas of its own above the map: a unit that moves costs its picture, not a drawing of all streets.
import type { Map as LibreMap } from 'maplibre-gl';

import { E7 } from '../feed/rows';
import { Glide } from './gliding';
import { crowded, offset, place, type Named, type Side } from './labels';
import type { Mark } from './living';
import { Pictures } from './pictures';
import { SCENE_ZOOM } from './style';
import type { Colours } from './symbols';

const TILE = 512; // pixels of the world at zoom 0
const NAMES_MS = 250; // names are placed anew at most so often while things move
const REACH = { incident: 15, unit: 10, station: 15 } as const; // pixels from the middle of a mark to its edge
const [SMALL, SHRUNK] = [6, 0.6]; // where stations crowd: of one that has no room, and the share of its size that a unit keeps
const PRESS = 18; // pixels: so near a press means the mark
const [TEXT, CHOSEN_TEXT, LINE] = [12, 13, 15]; // pixels
const [RING, RING_LINE] = [17, 2.5];
const ASIDE = [24, -16] as const; // pixels: a chosen unit on scene beside its incident
const NAME_ASIDE = [14, -13] as const; // where its name begins, from there

interface Alive {
  mark: Mark;
  glide: Glide;
  wx: number; // where it was drawn last: dots from the map's middle
  wy: number;
}

export class LivingLayer {
  private canvas = document.createElement('canvas');
  private pen: CanvasRenderingContext2D;
  private pictures: Pictures;
  private alive = new Map<string, Alive>();
  private order: Alive[] = []; // from below to above
  private sides = new Map<string, Side>();
  private small = new Set<string>(); // stations in the crowd of others
  private namedAt = -Infinity;
  private frame = 0;
  private again: ReturnType<typeof setTimeout> | undefined;
  private dirty = false; // something else than a spot has changed

  constructor(private map: LibreMap, private colour: Colours, private moves: boolean) {
    const pen = this.canvas.getContext('2d', { willReadFrequently: true });
    if (pen === null) throw new Error('this browser draws no canvas');
    this.pen = pen;
    this.pictures = new Pictures(colour, devicePixelRatio);
    this.canvas.className = 'living';
    map.getCanvasContainer().append(this.canvas);
    map.on('render', this.drawn);
    map.on('resize', this.fit);
    this.fit();
    void document.fonts.ready.then(() => this.dress());
  }

  remove(): void {
    cancelAnimationFrame(this.frame);
    clearTimeout(this.again);
    this.map.off('render', this.drawn);
    this.map.off('resize', this.fit);
    this.canvas.remove();
  }

  /** The theme has changed, or letters have come: every picture is made anew. */
  dress(): void {
    this.pictures = new Pictures(this.colour, devicePixelRatio);
    this.ask(true);
  }

  /** What lives now; what is not told of is gone. */
  show(marks: readonly Mark[]): void {
    const now = performance.now();
    const before = this.alive;
    this.alive = new Map(marks.map((mark) => {
      const known = before.get(mark.key);
      known?.glide.tell(mark, now, this.moves && mark.kind === 'unit' && !document.hidden);
      return [mark.key, { mark, glide: known?.glide ?? new Glide(mark, now), wx: NaN, wy: NaN }];
    }));
    this.order = [...this.alive.values()].sort((a, b) => height(a.mark) - height(b.mark));
    this.ask(true);
  }

  /** The uppermost incident or unit under a spot of the map, in pixels. */
  at(x: number, y: number): Mark | undefined {
    const near = ({ mark, wx, wy }: Alive): boolean =>
      mark.kind !== 'station' && !this.hidden(mark) && Math.hypot(wx / devicePixelRatio - x, wy / devicePixelRatio - y) <= PRESS;
    return [...this.order].reverse().find(near)?.mark;
  }

  private fit = (): void => {
    const { clientWidth, clientHeight } = this.map.getCanvas();
    this.canvas.width = Math.round(clientWidth * devicePixelRatio);
    this.canvas.height = Math.round(clientHeight * devicePixelRatio);
    if (this.pictures.dots !== devicePixelRatio) this.pictures = new Pictures(this.colour, devicePixelRatio);
    this.ask(true);
  };

  /** The map was drawn, in this very frame: what lives stands on it where it belongs. */
  private drawn = (): void => this.draw(performance.now(), true);

  private ask(changed = false): void {
    this.dirty ||= changed;
    if (this.frame === 0) this.frame = requestAnimationFrame(() => this.draw(performance.now(), false));
  }

  private draw(now: number, whole: boolean): void {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    const spot = this.spotter();
    let stirred = this.dirty || whole;
    let gliding = false;
    for (const one of this.order) {
      const [x, y] = spot(one, now);
      stirred ||= x !== one.wx || y !== one.wy;
      [one.wx, one.wy] = [x, y];
      gliding ||= !one.glide.over(now);
    }
    if (stirred) {
      this.dirty = false;
      this.paint(now);
    }
    if (gliding) this.ask();
  }

  private paint(now: number): void {
    const { pen, canvas } = this;
    const there = this.order.filter((one) => !this.hidden(one.mark) && this.within(one));
    this.crowd(there);
    this.name(there, now);
    pen.clearRect(0, 0, canvas.width, canvas.height);
    const lies = ({ mark }: Alive): number => height(mark) - (this.small.has(mark.key) ? 0.5 : 0);
    const layered = this.small.size === 0 ? there : [...there].sort((a, b) => lies(a) - lies(b));
    for (const one of layered) this.symbol(one);
    for (const one of there) this.label(one);
  }

  /** What can send nothing comes first; the number of whoever has no room beside others is read nearby, or in the list. */
  private crowd(there: readonly Alive[]): void {
    const dots = this.pictures.dots;
    const stations = there.filter((one) => one.mark.kind === 'station').reverse();
    this.small = crowded(stations.map(({ mark, wx, wy }) => ({ key: mark.key, x: wx / dots, y: wy / dots, reach: REACH.station })));
  }

  private isSmall(mark: Mark): boolean {
    return mark.kind === 'unit' ? this.small.size > 0 && !mark.chosen : this.small.has(mark.key);
  }

  private symbol({ mark, wx, wy }: Alive): void {
    const dots = this.pictures.dots;
    const [east, south] = mark.chosen && mark.scene ? ASIDE : [0, 0];
    if (mark.chosen && mark.kind === 'unit' && !mark.scene) this.ring(wx, wy);
    const small = this.isSmall(mark);
    const picture = small && mark.kind === 'station' ? mark.picture.replace(/-[^-]*$/, '-') : mark.picture;
    const size = small && mark.kind === 'unit' ? SHRUNK : 1;
    this.put(this.pictures.symbol(picture, mark.heading), wx + east * dots, wy + south * dots, size);
  }

  private label({ mark, wx, wy }: Alive): void {
    const text = this.says(mark);
    const side = this.sides.get(mark.key);
    const dots = this.pictures.dots;
    if (text === '') return;
    if (mark.chosen && mark.kind === 'unit') {
      const picture = this.pictures.label(text, CHOSEN_TEXT);
      const [east, south] = mark.scene ? [ASIDE[0] + NAME_ASIDE[0] + picture.width / dots / 2, ASIDE[1] + NAME_ASIDE[1]] : [0, RING + LINE / 2];
      this.put(picture, wx + east * dots, wy + south * dots);
    } else if (side !== undefined) {
      const picture = this.pictures.label(text, TEXT);
      const [east, south] = offset(this.named({ mark, wx, wy }), side);
      this.put(picture, wx + east * dots, wy + south * dots);
    }
  }

  private ring(x: number, y: number): void {
    const { pen } = this;
    const dots = this.pictures.dots;
    pen.strokeStyle = this.colour('--focus');
    pen.lineWidth = RING_LINE * dots;
    pen.beginPath();
    pen.arc(x, y, RING * dots, 0, 2 * Math.PI);
    pen.stroke();
  }

  /** In whole dots, so that pictures stay sharp. */
  private put(picture: CanvasImageSource & { width: number; height: number }, x: number, y: number, size = 1): void {
    const [wide, high] = [Math.round(picture.width * size), Math.round(picture.height * size)];
    this.pen.drawImage(picture, Math.round(x - wide / 2), Math.round(y - high / 2), wide, high);
  }

  /** Names are placed when what is shown has changed, but no more often than they can be read. */
  private name(there: readonly Alive[], now: number): void {
    clearTimeout(this.again);
    if (now - this.namedAt < NAMES_MS) {
      this.again = setTimeout(() => this.ask(true), NAMES_MS);
      return;
    }
    this.namedAt = now;
    const named = [...there].reverse().filter((one) => !(one.mark.chosen && one.mark.kind === 'unit')).map((one) => this.named(one));
    const dots = this.pictures.dots;
    this.sides = place(named, [this.canvas.width / dots, this.canvas.height / dots], this.sides);
  }

  private named({ mark, wx, wy }: Pick<Alive, 'mark' | 'wx' | 'wy'>): Named {
    const text = this.says(mark);
    const dots = this.pictures.dots;
    const width = text === '' ? 0 : this.pictures.label(text, TEXT).width / dots;
    return { key: mark.key, x: wx / dots, y: wy / dots, reach: this.isSmall(mark) ? SMALL : REACH[mark.kind], width, height: LINE };
  }

  /** From afar an incident names who is there; nearby each unit names itself. */
  private says(mark: Mark): string {
    return mark.kind === 'incident' && this.map.getZoom() >= SCENE_ZOOM ? '' : mark.label;
  }

  /** From afar a unit on scene would lie under its incident, which names it; nearby both have room. */
  private hidden(mark: Mark): boolean {
    return mark.kind === 'unit' && mark.scene && !mark.chosen && this.map.getZoom() < SCENE_ZOOM;
  }

  private within({ wx, wy }: Alive): boolean {
    const far = 40 * this.pictures.dots;
    return wx > -far && wy > -far && wx < this.canvas.width + far && wy < this.canvas.height + far;
  }

  /** Where a mark lies on the canvas, in whole dots. The map neither turns nor tilts: its middle and its scale say it all. */
  private spotter(): (one: Alive, now: number) => [number, number] {
    const centre = this.map.getCenter();
    const middle = this.map.project(centre);
    const scale = TILE * 2 ** this.map.getZoom() * devicePixelRatio;
    const [x0, y0] = [eastOf(centre.lng), southOf(centre.lat)];
    const [left, top] = [middle.x * devicePixelRatio, middle.y * devicePixelRatio];
    return ({ glide }, now) => {
      const { x, y } = glide.at(now);
      return [Math.round(left + (eastOf(x / E7) - x0) * scale), Math.round(top + (southOf(y / E7) - y0) * scale)];
    };
  }
}

/** Web Mercator, the world from 0 to 1. */
const eastOf = (degrees: number): number => (degrees + 180) / 360;
const southOf = (degrees: number): number => 0.5 - Math.log(Math.tan(Math.PI / 4 + (degrees * Math.PI) / 360)) / (2 * Math.PI);

/** What lies above what: units, incidents with the most urgent on top, what stations can send, what is chosen. */
function height(mark: Mark): number {
  if (mark.chosen) return mark.kind === 'unit' ? 101 : 100;
  return { unit: 0, incident: 10 - mark.priority, station: 20 }[mark.kind];
}
