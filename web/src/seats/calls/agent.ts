// Whether a seat takes calls of the queues, as its agent: rows of comms in words, and the act that its one key does. Pure.

export interface AgentRow {
  seat: string;
  state: 'available' | 'busy' | 'wrap_up' | 'break';
  why: string;
  since: number;
  queues: string[];
  skills: string[];
  languages: string[];
  offered: string;
}

/** What somebody takes, as they typed it; kept by this browser for their next shift. */
export interface Wish {
  queues: string[];
  skills: string;
  languages: string;
}

export const FIRST: Wish = { queues: ['911'], skills: '', languages: '' };

/** What the one key of a seat does next, and its name. */
export type Next = { does: 'sign_on'; label: 'Take calls' } | { does: 'break'; label: 'Break' } | { does: 'back'; label: 'Back' | 'Ready' };

const listed = (text: string): string[] => [...new Set(text.split(/[\s,;]+/).filter((one) => one !== ''))];

/** The fields with which a seat signs on. */
export const signedOn = (seat: string, { queues, skills, languages }: Wish) =>
  ({ seat, queues, skills: listed(skills), languages: listed(languages) });

/** Take calls, a break, back from it, ready behind a call; none while a caller is spoken with or offered. */
export function nextOf(agent: AgentRow | undefined): Next | undefined {
  if (agent === undefined) return { does: 'sign_on', label: 'Take calls' };
  switch (agent.state) {
    case 'available': return agent.offered === '' ? { does: 'break', label: 'Break' } : undefined;
    case 'break': return { does: 'back', label: 'Back' };
    case 'wrap_up': return { does: 'back', label: 'Ready' };
    case 'busy': return undefined;
  }
}

/** What somebody wished when they last signed on at this browser. */
export function wishOf(person: string): Wish {
  try {
    return { ...FIRST, ...(JSON.parse(localStorage.getItem(keptAt(person)) ?? '{}') as Partial<Wish>) };
  } catch {
    return FIRST;
  }
}

export const keepWish = (person: string, wish: Wish): void => localStorage.setItem(keptAt(person), JSON.stringify(wish));

const keptAt = (person: string): string => `redstick-agent-${person}`;

/** `takes 911, admin · es`; `on a break: lunch`. */
export function words(agent: AgentRow | undefined): string {
  if (agent === undefined) return 'no calls are offered to this seat';
  if (agent.offered !== '') return 'a call is offered to you';
  const takes = [agent.queues.join(', '), agent.skills.join(', '), agent.languages.join(', ')].filter((one) => one !== '').join(' · ');
  switch (agent.state) {
    case 'available': return `takes ${takes}`;
    case 'busy': return `speaks; takes ${takes}`;
    case 'wrap_up': return 'work behind a call';
    case 'break': return agent.why === '' || agent.why === 'break' ? 'on a break' : `on a break: ${agent.why}`;
  }
}
