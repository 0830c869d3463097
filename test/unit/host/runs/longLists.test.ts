import assert from 'node:assert/strict';
import { RunModel } from '../../../../src/host/runs/runModel.ts';
import { exampleRecord } from '../../runs/examples.ts';

/** A stored run with an id and a number of units. */
function stored(id: string, units: number): RunModel {
  return RunModel.stored({
    folder: `/runs/${id}`,
    record: exampleRecord(id, { config: { model: { units } } }),
    holder: undefined,
  });
}

describe('the runs of a long list', () => {
  it('share the parts of their views that are equal', () => {
    const [a, b, other] = [stored('a', 8), stored('b', 8), stored('c', 9)].map(({ view }) => view);
    for (const part of ['units', 'applies', 'model'] as const) assert.equal(a?.[part], b?.[part], part);
    assert.notDeepEqual(other?.model, a?.model);
  });

  it('keep the curves and probes that were read first', () => {
    const run = stored('a', 8);
    const { curves, probes, best } = run;
    assert.deepEqual(best, run.best);
    run.replaceMetrics([{ event: 'validation', step: 7, loss: 1.25 }], []);
    assert.equal(run.curves, curves);
    assert.equal(run.probes, probes);
    assert.deepEqual(run.best, { step: 7, loss: 1.25 });
  });
});
