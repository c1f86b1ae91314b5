// What a person set for this browser: theme, size of text, density, sound. Kept in it.
const KEPT = 'redstick-settings';
export const SCALES = [100, 115, 125, 150, 175] as const; // per cent

interface Kept {
  theme: 'night' | 'day';
  scale: number;
  compact: boolean;
  quiet: boolean; // no sound but that of a responder's emergency
}

function read(): Kept {
  const usual: Kept = {
    theme: matchMedia('(prefers-color-scheme: light)').matches ? 'day' : 'night', scale: 100, compact: false, quiet: false,
  };
  try {
    return { ...usual, ...(JSON.parse(localStorage.getItem(KEPT) ?? '{}') as Partial<Kept>) };
  } catch {
    return usual;
  }
}

class Settings {
  private kept = $state<Kept>(read());

  get theme(): Kept['theme'] {
    return this.kept.theme;
  }
  get scale(): number {
    return this.kept.scale;
  }
  get compact(): boolean {
    return this.kept.compact;
  }
  get quiet(): boolean {
    return this.kept.quiet;
  }

  set(change: Partial<Kept>): void {
    this.kept = { ...this.kept, ...change };
    localStorage.setItem(KEPT, JSON.stringify(this.kept));
    this.apply();
  }

  turnTheme(): void {
    this.set({ theme: this.theme === 'night' ? 'day' : 'night' });
  }

  /** The next size of text; after the largest the smallest. */
  nextScale(): void {
    const at = SCALES.findIndex((scale) => scale >= this.scale);
    this.set({ scale: SCALES[(at + 1) % SCALES.length] as number });
  }

  apply(): void {
    const root = document.documentElement;
    root.dataset['theme'] = this.theme;
    root.dataset['density'] = this.compact ? 'compact' : 'usual';
    root.style.fontSize = this.scale === 100 ? '' : `${this.scale}%`;
  }
}

export const settings = new Settings();
