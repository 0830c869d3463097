import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { parseRunConfig } from '../../../../src/config/parse.ts';
import { Labeling } from '../../../../src/host/runs/labeling.ts';
import type { RunModel } from '../../../../src/host/runs/runModel.ts';
import { newModel } from '../examples.ts';

/** Labels of runs in a store where labeling all of them takes some time by the clock of the test. */
function setUp(milliseconds: number) {
  const runs: RunModel[] = [];
  const [changed, state]: [RunModel[], { time: number; labeled: number }] = [[], { time: 0, labeled: 0 }];
  const labeling = new Labeling({
    runs: () => runs,
    changed: (run) => changed.push(run),
    now: () => {
      state.labeled += 0.5;
      return (state.time += milliseconds);
    },
  });
  const add = (rate: number) => {
    const run = newModel({
      folder: `/runs/${runs.length}`,
      config: parseRunConfig({ training: { learningRate: rate } }),
    });
    runs.push(run);
    labeling.request();
    return run;
  };
  return { labeling, add, changed, state };
}

describe('labels of all runs', () => {
  it('are made at once as long as that is quick', () => {
    const { add, state } = setUp(1);
    for (let i = 0; i < 20; i++) add((i + 1) / 1000);
    assert.equal(state.labeled, 20);
  });

  it('are made together later if that takes long; each run that starts has a label at once', async () => {
    const { labeling, add, changed, state } = setUp(6);
    const first = add(0.008);
    const before = first.view.title;
    for (let i = 0; i < 20; i++) assert.ok(add((9 + i) / 1000).isLabeled);
    assert.equal(state.labeled, 1, 'all of them, for the first request');
    assert.equal(first.view.title, before);
    while (state.labeled < 2) await wait(5);
    assert.equal(state.labeled, 2);
    assert.notEqual(first.view.title, before, 'what tells it apart from the others');
    assert.ok(changed.includes(first));
    labeling.request();
    labeling.cancel();
  });
});
