// Keys of a telephone on their way to the house: each once, in the order in which they are pressed, however fast.

/** Sends keys one request after another; what is pressed meanwhile goes behind it, together. `send` says whether it went well. */
export class Pressing {
  private readonly waiting: { leg: string; keys: string }[] = [];
  private sending = false;

  constructor(private readonly send: (leg: string, keys: string) => Promise<boolean>) {}

  /** One key more. Behind one that failed the others are dropped: a number with a gap is another number. */
  async press(leg: string, key: string): Promise<void> {
    const last = this.waiting.at(-1);
    if (last?.leg === leg) last.keys += key;
    else this.waiting.push({ leg, keys: key });
    if (this.sending) return;
    this.sending = true;
    for (let next = this.waiting.shift(); next !== undefined; next = this.waiting.shift()) {
      if (!(await this.send(next.leg, next.keys))) this.waiting.length = 0;
    }
    this.sending = false;
  }
}
