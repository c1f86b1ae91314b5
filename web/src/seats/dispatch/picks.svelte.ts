// Units that a person chose for an incident and has not sent yet: kept while they look elsewhere.
export const UNIT_DRAG = 'text/redstick-unit';

class Picks {
  private chosen = $state<Record<string, string[]>>({});

  of(incident: string): readonly string[] {
    return this.chosen[incident] ?? [];
  }

  toggle(incident: string, unit: string): void {
    const before = this.of(incident);
    this.set(incident, before.includes(unit) ? before.filter((one) => one !== unit) : [...before, unit]);
  }

  add(incident: string, unit: string): void {
    if (!this.of(incident).includes(unit)) this.set(incident, [...this.of(incident), unit]);
  }

  set(incident: string, units: string[]): void {
    this.chosen = { ...this.chosen, [incident]: units };
  }
}

export const picks = new Picks();
