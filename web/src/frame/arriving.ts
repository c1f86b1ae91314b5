// Whoever opens a seat by its address wants to sit there: the demo lets them, as from a tile of its start page.
import type { DemoSeat } from './demo';

/** Which of the demo's seats an address means: the one this window held before, else the first that no visitor holds; '' for none. */
export function seatByAddress(seats: readonly DemoSeat[], path: string, given: string): string {
  const there = seats.filter((one) => one.path === path);
  const free = there.find((one) => one.held_by === '' || one.by_robot);
  return (there.find((one) => one.seat === given) ?? free)?.seat ?? '';
}
