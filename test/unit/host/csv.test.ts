import assert from 'node:assert/strict';
import { metricsCsv } from '../../../src/host/series/csv.ts';
import { Curves } from '../../../src/host/series/curves.ts';

describe('metricsCsv', () => {
  it('has one row for each step, with the validation loss where it was measured', () => {
    const curves = new Curves();
    const step = { event: 'step', gradNorm: 2.5, clippedNorm: 1, learningRate: 0.005, charactersPerSecond: 800 } as const;
    curves.add({ ...step, step: 1, loss: 4.1, seconds: 0.5 });
    curves.add({ ...step, step: 2, loss: null, seconds: 1 });
    curves.add({ event: 'validation', step: 2, loss: 3.9, n: 100 });
    assert.equal(
      metricsCsv(curves),
      'step,trainLoss,validationLoss,gradNorm,clippedNorm,learningRate,charactersPerSecond,seconds\n' +
        '1,4.1,,2.5,1,0.005,800,0.5\n' +
        '2,,3.9,2.5,1,0.005,800,1\n',
    );
  });

  it('has only its header for a run without metrics', () => {
    assert.equal(metricsCsv(new Curves()).split('\n').length, 2);
  });
});
