// What is typed and not yet sent, by where it is typed: kept over every change of screen, a reload, a lost session.
const KEPT = 'redstick-drafts';

function read(): Record<string, string> {
  try {
    return JSON.parse(localStorage.getItem(KEPT) ?? '{}') as Record<string, string>;
  } catch {
    return {};
  }
}

class Drafts {
  private texts = $state<Record<string, string>>(read());

  of(place: string): string {
    return this.texts[place] ?? '';
  }

  keep(place: string, text: string): void {
    if (text === '') delete this.texts[place];
    else this.texts[place] = text;
    localStorage.setItem(KEPT, JSON.stringify(this.texts));
  }

  /** Drop every draft whose place begins so: what it was for is done. */
  drop(beginning: string): void {
    for (const place of Object.keys(this.texts)) if (place.startsWith(beginning)) delete this.texts[place];
    localStorage.setItem(KEPT, JSON.stringify(this.texts));
  }
}

export const drafts = new Drafts();
