// The pictures of a theme: a symbol for each priority, one for each unit by how it stands and whither, a label for each name.
import { freePicture, labelPicture, priorityPicture, unitPicture, type Colours, type Picture } from './symbols';

const TONES: Record<string, string> = { good: '--good', accent: '--accent', busy: '--busy', warn: '--warn', faint: '--ink-faint' };
const HOW = { '': 'stands', moving: 'moves', old: 'old' } as const;
const TURNS = 48; // headings that are told apart
const MOST_LABELS = 8_000; // names and ages that are kept as pictures; beyond them all are made anew

/** Makes each picture when it is first asked for, and keeps it. */
export class Pictures {
  private symbols = new Map<string, Picture>();
  private labels = new Map<string, Picture>();

  /** `dots` a pixel of the screen. */
  constructor(private colour: Colours, readonly dots: number) {}

  /** `p2`, `p2-on`, `unit-good`, `unit-good-moving`, `unit-good-old`, `free-some-3`, `free-none-✕`, `free-some-` where it is small; a heading in degrees from north turns it. */
  symbol(name: string, heading: number): Picture {
    const turn = Math.round((heading * TURNS) / 360) % TURNS;
    const key = `${name} ${turn}`;
    const found = this.symbols.get(key) ?? this.drawn(name, (turn * 360) / TURNS);
    this.symbols.set(key, found);
    return found;
  }

  label(text: string, size: number): Picture {
    if (this.labels.size > MOST_LABELS) this.labels.clear();
    const key = `${size} ${text}`;
    const found = this.labels.get(key) ?? labelPicture(text, size, this.colour, this.dots);
    this.labels.set(key, found);
    return found;
  }

  private drawn(name: string, heading: number): Picture {
    const [what = '', part = '', how = ''] = name.split('-');
    if (what === 'unit') return unitPicture(HOW[how as keyof typeof HOW] ?? 'stands', this.colour(TONES[part] ?? '--ink-faint'), this.colour, this.dots, heading);
    if (what === 'free') return freePicture(how, part === 'none', this.colour, this.dots);
    return priorityPicture(Number(what.slice(1)), this.colour, part === 'on', this.dots);
  }
}
