import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseRunConfig } from '../../../src/config/parse.ts';
import { rank } from '../../../src/runs/ranking.ts';
import type { RunModel } from '../../../src/host/runs/runModel.ts';
import { newModel, startEvent } from '../host/examples.ts';

type Losses = readonly (readonly [step: number, loss: number | null])[];

function runWith(id: string, losses: Losses, started = startEvent()): RunModel {
  const run = newModel({ folder: `/runs/${id}` });
  run.apply(started);
  for (const [step, loss] of losses) run.apply({ event: 'validation', step, loss, n: 9 });
  return run;
}

/** A run on another text of the same name. */
function otherText(id: string, losses: Losses): RunModel {
  return runWith(id, losses, startEvent({ baselines: { uniform: 3.7, unigram: 3.1, bigram: 2.5 } }));
}

describe('ranking of runs', () => {
  it('is by the lowest validation loss, with the last one and the one at equal steps', () => {
    const [group, ...others] = rank([
      runWith('a', [
        [100, 2],
        [200, 3],
        [300, 4],
      ]),
      runWith('b', [
        [100, 2.5],
        [200, 1.5],
      ]),
      runWith('c', []),
    ]);
    assert.deepEqual(others, []);
    assert.equal(group?.equalStep, 200);
    assert.deepEqual(group.runs, [
      { id: 'b', best: { step: 200, loss: 1.5 }, last: { step: 200, loss: 1.5 }, atEqualStep: 1.5 },
      { id: 'a', best: { step: 100, loss: 2 }, last: { step: 300, loss: 4 }, atEqualStep: 3 },
      { id: 'c', best: null, last: null, atEqualStep: null },
    ]);
  });

  it('has no equal step if the runs were not validated at the same step', () => {
    const [group] = rank([runWith('a', [[100, 2]]), runWith('b', [[150, 3]])]);
    assert.equal(group?.equalStep, null);
  });

  it('skips losses that are not finite', () => {
    const [group] = rank([
      runWith('a', [
        [100, 2],
        [200, null],
      ]),
    ]);
    assert.deepEqual(group?.runs[0]?.last, { step: 100, loss: 2 });
  });

  it('is sorted, and complete, for all losses', () => {
    const losses = fc.array(fc.double({ min: 0, max: 9, noNaN: true }), { maxLength: 6 });
    fc.assert(
      fc.property(fc.array(losses, { minLength: 1, maxLength: 6 }), (all) => {
        const [group] = rank(
          all.map((each, i) =>
            runWith(
              `${i}`,
              each.map((loss, at) => [at, loss] as const),
            ),
          ),
        );
        const best = group?.runs.map((run) => run.best?.loss ?? Infinity) ?? [];
        assert.deepEqual(
          best,
          all.map((each) => Math.min(...each)).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)),
        );
      }),
      { numRuns: 50 },
    );
  });

  it('groups runs by task, data, vocabulary and unit', () => {
    const task = (config: object) =>
      newModel({ folder: '/runs/t', name: 'recall', config: parseRunConfig(config), sourcePath: null });
    const words = startEvent();
    const groups = rank([
      runWith('a', [[1, 1]]),
      otherText('b', [[1, 1]]),
      runWith('c', [[1, 1]], { ...words, text: words.text && { ...words.text, vocabularySize: 41 } }),
      task({ task: { name: 'recall', distance: 10 } }),
      task({ task: { name: 'recall', distance: 20 } }),
      task({ task: { name: 'recall', distance: 20 }, model: { cell: 'rnn' }, seed: 3 }),
      task({ task: { name: 'adding' } }),
    ]);
    assert.deepEqual(
      groups.map(({ runs }) => runs.length),
      [1, 1, 1, 1, 2, 1],
    );
    assert.equal(new Set(groups.map(({ basis }) => basis.unit)).size, 3);
  });
});
