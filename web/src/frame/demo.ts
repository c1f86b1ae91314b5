// What the demo says of itself: its seats, its scenarios and its clock. A real city answers 404.
export interface Clock {
  speed: number;
  paused: boolean;
  now: number;
  speeds: number[];
  jump?: { begin: number; end: number } | null; // lived through as fast as it can be
}

export interface Scenario {
  id: string;
  title: string;
  sentence: string;
  running: boolean;
}

export interface DemoSeat {
  seat: string;
  path: string;
  title: string;
  sentence: string;
  first_act: string;
  held_by: string;
  by_robot: boolean;
}

export interface Demo {
  seats: DemoSeat[];
  clock: Clock;
  scenarios?: Scenario[];
  city?: string;
  time_zone?: string;
}

/** What a made-up caller says: where, as they say it, and what they call it; either may be wrong, or ''. */
export interface DemoCaller {
  call: string;
  said: string;
  place: string;
  what: string;
}

export interface ClockChange {
  speed?: number;
  paused?: boolean;
  step_s?: number;
  jump_to?: number;
}
