import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { RunList } from '../../../../src/host/runs/runList.ts';
import { exampleRecord, writeExample } from '../../runs/examples.ts';
import { temporaryFolder } from '../../runs/temporary.ts';

describe('list of runs', () => {
  const home = temporaryFolder();
  const runs = () => join(home(), 'runs');
  const writeAll = async (count: number) =>
    Promise.all(Array.from({ length: count }, async (_, i) => writeExample(runs(), exampleRecord(`run-${i}`))));
  const newList = () => {
    let reads = 0;
    const folder = () => {
      reads++;
      return runs();
    };
    const nothing = () => undefined;
    const list = new RunList({ folder, isLive: () => false, changedRun: nothing, changedList: nothing });
    return { list, reads: () => reads };
  };

  it('shows what has changed while it was being read', async () => {
    await writeAll(100);
    const { list } = newList();
    const record = join(runs(), 'run-0', 'run.json');
    for (let turns = 0; turns < 60; turns++) {
      const name = `changed after ${turns} turns`;
      const under = list.refresh();
      for (let turn = 0; turn < turns; turn++) await setImmediate();
      // At once, so that a refresh that has read the record has not ended.
      writeFileSync(record, JSON.stringify({ ...(JSON.parse(readFileSync(record, 'utf8')) as object), name }));
      await list.refresh();
      assert.equal(list.get('run-0')?.view.name, name);
      await under;
    }
  });

  it('is read once for calls at the same time, and once more for those that come meanwhile', async () => {
    await writeAll(5);
    const { list, reads } = newList();
    const first = [list.refresh(), list.refresh(), list.refresh()];
    await setImmediate();
    await Promise.all([...first, list.refresh(), list.refresh()]);
    assert.equal(reads(), 2);
    assert.equal(list.runs.length, 5);
  });

  it('has each step once after a run was resumed here, also if it ended before the list was read again', async () => {
    await writeAll(1);
    const { list } = newList();
    const folder = join(runs(), 'run-0');
    const steps = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, i) => ({
        event: 'step' as const,
        step: from + i + 1,
        loss: 1,
        seconds: from + i + 1,
      }));
    const log = (to: number) =>
      writeFileSync(
        join(folder, 'metrics.jsonl'),
        steps(0, to)
          .map((each) => `${JSON.stringify(each)}\n`)
          .join(''),
      );
    log(20);
    await list.refresh();
    const run = list.get('run-0')!;
    await list.loadMetrics(run);
    list.beginsHere(run);
    for (const event of steps(20, 60)) run.apply(event);
    log(60);
    await writeExample(runs(), exampleRecord('run-0', { name: 'resumed' }));
    await list.refresh();
    assert.equal(run.view.name, 'resumed');
    assert.deepEqual(
      [...run.curves.series.trainLoss.x],
      Array.from({ length: 60 }, (_, i) => i + 1),
    );
  });
});
