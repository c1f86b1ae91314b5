import { expect, test } from 'vitest';

import { Pressing } from './pressing';

/** What is sent, and how each request is answered. */
function line(): { sent: [string, string][]; answer: (well: boolean) => Promise<void>; pressing: Pressing } {
  const sent: [string, string][] = [];
  const answers: ((well: boolean) => void)[] = [];
  const pressing = new Pressing((leg, keys) => new Promise((done) => (sent.push([leg, keys]), answers.push(done))));
  const answer = async (well: boolean): Promise<void> => {
    answers.shift()?.(well);
    await new Promise((done) => setTimeout(done));
  };
  return { sent, answer, pressing };
}

test('keys that are pressed while others are on their way go behind them, together, each to its own line', async () => {
  const { sent, answer, pressing } = line();
  for (const key of '123') void pressing.press('a', key);
  void pressing.press('b', '4');
  expect(sent).toEqual([['a', '1']]);
  await answer(true);
  expect(sent).toEqual([['a', '1'], ['a', '23']]);
  await answer(true);
  await answer(true);
  expect(sent).toEqual([['a', '1'], ['a', '23'], ['b', '4']]);
  void pressing.press('a', '5');
  expect(sent.at(-1)).toEqual(['a', '5']);
});

test('behind a key that failed none is sent, and none is sent twice', async () => {
  const { sent, answer, pressing } = line();
  for (const key of '123') void pressing.press('a', key);
  await answer(false);
  expect(sent).toEqual([['a', '1']]);
  void pressing.press('a', '4');
  expect(sent.at(-1)).toEqual(['a', '4']);
});
