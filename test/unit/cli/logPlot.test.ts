import assert from 'node:assert/strict';
import fc from 'fast-check';
import { logPlot } from '../../../src/cli/logPlot.ts';
import { assertNames } from '../../harness/facts.ts';

describe('text plot on a logarithmic axis', () => {
  it('has a row for each power of ten', () => {
    assert.equal(
      logPlot([1, 0.5, 0.05, 0.005]),
      ['    1e0 |**', '   1e-1 |  *', '   1e-2 |   *', '   1e-3 +----', '    lag  0  3'].join('\n'),
    );
  });

  it('reports values that it cannot draw', () => {
    assertNames(logPlot([1, 0, null, 0.1]).split('\n').at(-1), 2, 4);
    assert.doesNotMatch(logPlot([null, 0]), /\n|\*/);
  });

  it('draws positive values of any size within a page', () => {
    const curves = fc.array(fc.oneof(fc.constant(null), fc.double({ min: 0, max: 1e300, noNaN: true })), {
      minLength: 1,
      maxLength: 600,
    });
    fc.assert(
      fc.property(curves, (curve) => {
        const plot = logPlot(curve);
        const lines = plot.split('\n');
        assert.ok(lines.length <= 15 && lines.every((line) => line.length <= 90), plot);
        if (curve.length <= 72)
          assert.equal(plot.match(/\*/g)?.length ?? 0, curve.filter((value) => value !== null && value > 0).length);
      }),
      { seed: 6 },
    );
  });
});
