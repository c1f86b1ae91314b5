// A command of this page, with what it wrote down: the kinds of its events, as the journal names them.
import type { CommandPath } from '../../api/commands';
import type { Commands } from '../../api/types';
import type { Desk } from '../../frame/desk.svelte';

export async function ask<Path extends CommandPath>(desk: Desk, path: Path, fields: Commands[Path], done: string): Promise<boolean> {
  const answer = await desk.act(path, fields, '');
  if (!answer.ok) return false;
  const kinds = answer.body.events.map((one) => one.kind);
  desk.say(kinds.length === 0 ? `${done} It was so already: nothing was written.` : `${done} Written: ${kinds.join(', ')} at ${answer.body.position}.`);
  return true;
}
