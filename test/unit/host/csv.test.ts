import assert from 'node:assert/strict';
import { metricsCsv } from '../../../src/host/series/csv.ts';
import { Curves } from '../../../src/runs/series/curves.ts';

describe('metricsCsv', () => {
  it('has one row for each step, with the validation loss if it was measured', () => {
    const curves = new Curves();
    const step = {
      event: 'step',
      gradientNorm: 2.5,
      clippedGradientNorm: 1,
      learningRate: 0.005,
      itemsPerSecond: 800,
    } as const;
    curves.add({ ...step, step: 1, loss: 4.1, seconds: 0.5 });
    curves.add({ ...step, step: 2, loss: null, seconds: 1 });
    curves.add({ event: 'validation', step: 2, loss: 3.9, n: 100 });
    assert.equal(
      metricsCsv(curves),
      'step,trainLoss,validationLoss,gradientNorm,clippedGradientNorm,learningRate,itemsPerSecond,seconds\n' +
        '1,4.1,,2.5,1,0.005,800,0.5\n' +
        '2,,3.9,2.5,1,0.005,800,1\n',
    );
  });

  it('has a column for each score of the validations', () => {
    const curves = new Curves();
    curves.add({ event: 'validation', step: 5, loss: 1.2, n: 10, scores: { accuracy: 0.5 } });
    curves.add({ event: 'validation', step: 10, loss: 1, n: 10, scores: { accuracy: 0.75 } });
    assert.deepEqual(curves.latestScores, { accuracy: 0.75 });
    assert.match(metricsCsv(curves), /,itemsPerSecond,accuracy,seconds\n5,,1\.2,,,,,0\.5,\n10,,1,,,,,0\.75,\n$/);
    curves.cutAfter(5);
    assert.deepEqual(curves.latestScores, { accuracy: 0.5 });
  });

  it('has only a header for a run without metrics', () => {
    assert.equal(metricsCsv(new Curves()).split('\n').length, 2);
  });
});
