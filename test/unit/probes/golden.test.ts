import assert from 'node:assert/strict';
import { referenceBackend } from '../../../src/backends/reference.ts';
import type { LayerProbe, LagCurve } from '../../../src/protocol/probes.ts';
import { takeProbe } from '../../../src/probes/takeProbe.ts';
import { constructed, STEPS } from './constructed.ts';
import { context } from './context.ts';

function assertPowers(curve: LagCurve | undefined, scale: number, length: number): void {
  assert.equal(curve?.length, length);
  curve.forEach((value, lag) => {
    const error = (value ?? NaN) / (curve[0] ?? NaN) / scale ** lag - 1;
    assert.ok(Math.abs(error) < 1e-4, `lag ${lag}: off by ${error}`);
  });
}

/** A network with known curves: the gradient shrinks or grows by s in each step. */
describe('probes of a linear network with s times an orthogonal recurrent kernel', () => {
  before(() => referenceBackend.load({ home: '', tensorflowPath: '' }));

  for (const scale of [0.9, 1.1, 1, 0.1]) {
    for (const goBackwards of [false, true]) {
      it(`s = ${scale}, ${goBackwards ? 'backward' : 'forward'}: every curve is s^lag`, async () => {
        const probed = constructed({ cell: 'rnn', activation: 'linear', orthogonal: scale, goBackwards });
        const [layer] = (await takeProbe(probed, context)).layers as [LayerProbe];
        assertPowers(layer.lastStep.h, scale, STEPS + 1);
        assertPowers(layer.jacobian.state, scale, STEPS + 1);
        assert.deepEqual(layer.jacobian.h, layer.jacobian.state);
        assert.equal(layer.lagMatrix.length, STEPS);
        layer.lagMatrix.forEach((row, t) => assertPowers(row, scale, goBackwards ? STEPS - t + 1 : t + 2));
        for (const value of [layer.sigmaMax, layer.spectralRadius])
          assert.ok(Math.abs((value ?? NaN) / scale - 1) < 1e-4);
        assert.equal(layer.effectiveMemory, scale >= 0.9 ? null : 3);
      });
    }
  }
});
