import assert from 'node:assert/strict';
import { appendFile, mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { disk } from '../../../src/platform/files.ts';
import type { TrialEvent } from '../../../src/sweeps/plan/events.ts';
import { PLAN_FILE, PlanFile, readHeader, readPlan } from '../../../src/sweeps/plan/planFile.ts';
import { temporaryFolder } from '../runs/temporary.ts';
import { endOf, headerOf, planOf, startOf, sweepOf } from './examples.ts';

const sweep = sweepOf({ fields: { 'model.units': { values: [4, 8] } } });
const later = [startOf(1), endOf(1, 0.125), startOf(2), endOf(2, null)] as readonly TrialEvent[];

describe('plan of a sweep', () => {
  const home = temporaryFolder();
  /** Folder of the sweep, with its id as its name. */
  const folder = () => join(home(), 'a');
  const path = () => join(folder(), PLAN_FILE);

  beforeEach(async () => mkdir(folder()));

  const write = async () => {
    const plan = await PlanFile.create(folder(), headerOf(sweep), planOf(sweep).slice(1) as TrialEvent[], disk);
    await Promise.all(later.map(async (event) => plan.append(event)));
    return plan.state;
  };

  it('is read as it was written, and the defaults of the file stay', async () => {
    const state = await write();
    const read = await readPlan(folder());
    assert.deepEqual(read?.trials, state.trials);
    assert.deepEqual(read?.header, headerOf(sweep));
    assert.equal(await readPlan(join(home(), 'none')), undefined);
  });

  it('loses at most the event that was being written when it is cut anywhere, and goes on', async () => {
    await write();
    const whole = await readFile(path());
    const begin = whole.indexOf('"started"');
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: begin, max: whole.length }), async (length) => {
        await writeFile(path(), whole.subarray(0, length));
        const lines = whole.subarray(0, length).toString().split('\n').length - 1;
        const plan = await PlanFile.open(folder(), disk);
        const kept = later.slice(0, Math.max(0, lines - 3));
        assert.deepEqual(
          plan.state.trials.map(({ status }) => status !== 'waiting').filter(Boolean).length,
          kept.filter(({ event }) => event === 'started').length,
        );
        for (const event of later.slice(kept.length)) await plan.append(event);
        assert.deepEqual(await readFile(path()), whole);
      }),
      { numRuns: 60 },
    );
  });

  it('of many trials, which is read piece by piece, is read as it was written', async () => {
    const many = sweepOf({
      fields: { 'model.units': { range: [4, 4000] } },
      method: { name: 'random' },
      seeds: 20,
      budget: { trials: 8000 },
    });
    const created = planOf(many).slice(1) as TrialEvent[];
    const plan = await PlanFile.create(folder(), headerOf(many), created, disk);
    for (const trial of [1, 8000]) await plan.append(startOf(trial) as TrialEvent);
    assert.ok((await stat(path())).size > 2 ** 20);
    assert.deepEqual((await readPlan(folder()))?.trials, plan.state.trials);
    await appendFile(path(), '{"event":');
    assert.deepEqual((await PlanFile.open(folder(), disk)).state.trials.length, 8000);
    assert.deepEqual((await readPlan(folder()))?.trials, plan.state.trials);
  });

  it('names a line that has changed', async () => {
    await write();
    const text = await readFile(path(), 'utf8');
    await writeFile(path(), text.replace('0.125', '0.225'));
    await assert.rejects(readPlan(folder()), { name: 'DamagedRunError' });
    const lines = text.split('\n');
    await writeFile(path(), [...lines.slice(0, 3), ...lines.slice(4)].join('\n'));
    await assert.rejects(PlanFile.open(folder(), disk), { name: 'DamagedRunError' });
  });

  it('refuses an event that cannot follow', async () => {
    const plan = await PlanFile.create(folder(), headerOf(sweep), planOf(sweep).slice(1) as TrialEvent[], disk);
    await assert.rejects(plan.append(endOf(1, 1) as TrialEvent));
    await assert.rejects(plan.append({ ...startOf(3) } as TrialEvent));
    assert.equal((await readFile(path(), 'utf8')).split('\n').length, 4);
  });

  it('of another folder is refused, and is not listed: its runs are those of the other sweep', async () => {
    await write();
    assert.equal((await readHeader(folder()))?.id, 'a');
    const other = join(home(), 'b');
    await rename(folder(), other);
    await assert.rejects(PlanFile.open(other, disk), { name: 'DamagedRunError' });
    await assert.rejects(readPlan(other), { name: 'DamagedRunError' });
    assert.equal(await readHeader(other), undefined);
  });
});
