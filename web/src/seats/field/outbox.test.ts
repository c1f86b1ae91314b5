import { describe, expect, it } from 'vitest';

import type { Answer } from '../../api/http';
import { NO_LINK } from '../../api/http';
import type { Told } from '../../api/types';
import { MAY_BE_LATE, nextOf, Outbox, undecided, type Keeper, type Report } from './outbox';

const TOLD: Answer<Told> = { ok: true, body: { command: 'c', position: 1, events: [] } };
const refused = (status: number, code: string): Answer<Told> => ({ ok: false, problem: { title: '', status, code } });

function kept(): Keeper & { text: string } {
  return {
    text: '[]', // as a reload finds it: nothing but text survives
    read() { return JSON.parse(this.text) as Report[]; },
    write(reports) { this.text = JSON.stringify(reports); },
  };
}

const status = (id: string, said: string, at: number): Omit<Report, 'conflict'> => ({
  id, path: '/api/dispatch/report-status', fields: { unit: 'E2', status: said }, at, person: 'pat', words: said,
});

describe('the outbox of a crew', () => {
  const made = (keeper: Keeper, answers: Answer<Told>[]): { box: Outbox; sent: Report[] } => {
    const sent: Report[] = [];
    const send = (report: Report): Promise<Answer<Told>> => {
      sent.push(report);
      return Promise.resolve(answers.shift() ?? TOLD);
    };
    return { box: new Outbox(keeper, send, () => undefined, (problem) => problem.code), sent };
  };

  it('sends in the order in which it was reported, each with its own time', async () => {
    const { box, sent } = made(kept(), []);
    box.add(status('a', 'ENR', 1000));
    box.add(status('b', 'ONS', 61_000));
    await box.flush('pat');
    expect(sent.map((one) => [one.id, one.at])).toEqual([['a', 1000], ['b', 61_000]]);
  });

  it('sends a call for help before anything that waited longer', () => {
    const help: Report = { ...status('z', '', 2000), path: '/api/dispatch/raise-emergency', fields: { unit: 'E2' }, conflict: '' };
    expect(nextOf([{ ...status('a', 'ENR', 1000), conflict: '' }, help], 'pat')?.id).toBe('z');
  });

  it('keeps what was not answered over a reload, and sends it again under the same id', async () => {
    const keeper = kept();
    const before = made(keeper, [{ ok: false, problem: NO_LINK }]);
    before.box.add(status('a', 'ENR', 1000));
    await before.box.flush('pat');
    const after = made(keeper, []);
    await after.box.flush('pat');
    expect(before.sent.map((one) => one.id)).toEqual(['a']);
    expect(after.sent.map((one) => [one.id, one.at])).toEqual([['a', 1000]]);
    expect(keeper.read()).toEqual([]);
  });

  it('waits at the first that is not answered: nothing overtakes it', async () => {
    const keeper = kept();
    const { box, sent } = made(keeper, [refused(503, 'busy')]);
    box.add(status('a', 'ENR', 1000));
    box.add(status('b', 'ONS', 2000));
    await box.flush('pat');
    expect(sent.map((one) => one.id)).toEqual(['a']);
    expect(keeper.read().map((one) => one.id)).toEqual(['a', 'b']);
  });

  it('sends nothing twice however often it is begun', async () => {
    const { box, sent } = made(kept(), []);
    box.add(status('a', 'ENR', 1000));
    await Promise.all([box.flush('pat'), box.flush('pat'), box.flush('pat')]);
    await box.flush('pat');
    expect(sent).toHaveLength(1);
  });

  it('tells what the server did not take, goes on with the rest, and lets go of it when it was read', async () => {
    const keeper = kept();
    const { box, sent } = made(keeper, [refused(409, 'assignment_unknown')]);
    box.add(status('a', 'ONS', 1000));
    box.add(status('b', 'AR', 2000));
    await box.flush('pat');
    expect(sent.map((one) => one.id)).toEqual(['a', 'b']);
    expect(keeper.read().map((one) => [one.id, one.conflict])).toEqual([['a', 'assignment_unknown']]);
    box.dismiss('a');
    expect(keeper.read()).toEqual([]);
  });

  it('lets go of nothing that still waits', () => {
    const keeper = kept();
    const { box } = made(keeper, []);
    box.add(status('a', 'ONS', 1000));
    box.dismiss('a');
    expect(keeper.read()).toHaveLength(1);
  });

  it("puts nobody else's name to a report", async () => {
    const { box, sent } = made(kept(), []);
    box.add(status('a', 'ENR', 1000));
    await box.flush('sam');
    expect(sent).toEqual([]);
  });

  it('takes no answer, a busy server and a lost session for undecided, and a refusal for an answer', () => {
    expect([NO_LINK, refused(503, 'busy'), refused(401, 'not_signed_in')].map((one) => undecided('ok' in one && !one.ok ? one.problem : NO_LINK))).toEqual([true, true, true]);
    expect(undecided({ title: '', status: 403, code: 'not_permitted' })).toBe(false);
  });

  it('has no way to dispatch or to cancel', () => {
    expect(MAY_BE_LATE.filter((path) => /assign|release|close|open|merge-|needs/.test(path))).toEqual([]);
  });
});
