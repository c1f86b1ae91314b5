// Keys of acts: function keys and Alt+letter, never bare letters. The newest act on a key has it.
import { untrack } from 'svelte';

export interface Act {
  key: string; // 'F8', 'Alt+S', 'Shift+F4'
  label: string;
  command: string; // as the command bar takes it, '' where it has no such word
  run: () => void;
  enabled: () => boolean;
}

class Keys {
  private known: Act[] = []; // no state: what is torn down would read how it was before
  private changes = $state(0);

  /** Every act that has a key now. */
  get acts(): readonly Act[] {
    void this.changes;
    return [...this.known];
  }

  /** Give an act its key until what is returned is called. */
  add(act: Act): () => void {
    this.known.push(act);
    this.told();
    return () => {
      this.known = this.known.filter((one) => one !== act);
      this.told();
    };
  }

  private told(): void {
    untrack(() => (this.changes += 1)); // whoever gives an act its key does not hang on the keys of others
  }

  /** Do what a key says; true when it was one of ours. */
  press(event: KeyboardEvent): boolean {
    const pressed = keyOf(event);
    if (pressed === '') return false;
    const act = this.known.filter((one) => one.key === pressed).at(-1);
    if (act === undefined) return false;
    event.preventDefault();
    if (act.enabled() && !event.repeat) act.run();
    return true;
  }
}

export const keys = new Keys();

/** How a key is called, '' for one that no act can have. */
export function keyOf(event: Pick<KeyboardEvent, 'key' | 'code' | 'altKey' | 'ctrlKey' | 'metaKey' | 'shiftKey'>): string {
  if (event.ctrlKey || event.metaKey) return '';
  if (/^F\d{1,2}$/.test(event.key)) return `${event.altKey ? 'Alt+' : ''}${event.shiftKey ? 'Shift+' : ''}${event.key}`;
  const found = /^(?:Key([A-Z])|Digit([0-9]))$/.exec(event.code);
  return event.altKey && found !== null ? `Alt+${event.shiftKey ? 'Shift+' : ''}${found[1] ?? found[2]}` : '';
}

/** Whether a key is the beginning of something to write, and the page has no field for it: then it is a command. */
export function beginsCommand(event: KeyboardEvent): boolean {
  const at = event.target as HTMLElement | null;
  const writes = at !== null && (at.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(at.tagName));
  return !writes && event.key.length === 1 && event.key !== ' ' && !event.ctrlKey && !event.metaKey && !event.altKey;
}

