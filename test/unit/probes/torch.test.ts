import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { referenceBackend } from '../../../src/backends/reference.ts';
import { probe as probeSchema } from '../../../src/protocol/probes.ts';
import type { LagCurve, Probe } from '../../../src/protocol/probes.ts';
import { takeProbe } from '../../../src/probes/takeProbe.ts';
import { readProbeFixtures } from '../../oracle/probeFixture.ts';
import { context } from './context.ts';
import { probedFixture } from './probedLayers.ts';

const TOLERANCE = 1e-4;

/** Compares every value, because the important values of a vanishing curve are small. */
function assertCurve(name: string, actual: LagCurve | undefined, expected: readonly number[]): void {
  assert.equal(actual?.length, expected.length, `${name}: as many lags`);
  expected.forEach((value, lag) => {
    const found = actual?.[lag] ?? NaN;
    const error = Math.abs(found - value) / Math.max(Math.abs(value), 1e-30);
    assert.ok(error <= TOLERANCE, `${name} at ${lag}: ${found} where PyTorch has ${value}`);
  });
}

describe('probes agree with PyTorch', () => {
  before(() => referenceBackend.load({ home: '', tensorflowPath: '' }));

  for (const { name, fixture } of readProbeFixtures()) {
    describe(name, () => {
      let probe: Probe;

      before(async () => {
        probe = probeSchema.parse(await takeProbe(probedFixture(fixture), context));
      });

      it('on the loss and the gradient of every parameter', () => {
        assertCurve('loss', [probe.loss], [fixture.loss]);
        const norms = Object.entries(fixture.gradients).map(([parameter, { values }]) => {
          assertCurve(
            parameter,
            [probe.parameters.find((one) => one.name === parameter)?.gradientNorm ?? null],
            [Math.hypot(...values)],
          );
          return Math.hypot(...values);
        });
        assert.equal(probe.parameters.length, norms.length);
        assertCurve('global norm', [probe.gradientNorm], [Math.hypot(...norms)]);
      });

      fixture.directions.forEach((expected, index) => {
        const title = `${expected.direction} direction, layer ${1 + Math.floor(index / (fixture.bidirectional ? 2 : 1))}`;

        it(`${title}: the gradient at each state from all losses and from the last one`, () => {
          const layer = probe.layers[index];
          assert.equal(layer?.direction, expected.direction);
          assertCurve('summed h', layer?.summed.h, expected.summed[0] ?? []);
          assertCurve('last step h', layer?.lastStep.h, expected.lastStep[0] ?? []);
          assertCurve('last step at lag 0', [layer?.lastStepNorm ?? null], [expected.lastStepNorm]);
          assert.equal(layer?.summed.c === null, expected.summed[1] === undefined);
          if (expected.summed[1]) assertCurve('summed c', layer?.summed.c ?? undefined, expected.summed[1]);
          if (expected.lastStep[1]) assertCurve('last step c', layer?.lastStep.c ?? undefined, expected.lastStep[1]);
        });

        it(`${title}: the lag matrix`, () => {
          const rows = probe.layers[index]?.lagMatrix;
          assert.equal(rows?.length, expected.lagMatrix.length);
          expected.lagMatrix.forEach((row, t) => assertCurve(`row ${t}`, rows?.[t], row));
        });

        it(`${title}: the products of the Jacobians, and the recurrent kernel`, () => {
          const layer = probe.layers[index];
          assertCurve('whole state', layer?.jacobian.state, expected.jacobian.state);
          assertCurve('h block', layer?.jacobian.h, expected.jacobian.h);
          assertCurve('sigma max', [layer?.sigmaMax ?? null], [expected.sigmaMax]);
          assertCurve('spectral radius', [layer?.spectralRadius ?? null], [expected.spectralRadius]);
        });
      });
    });
  }

  it('and leak no tensors', async () => {
    const [{ fixture } = assert.fail('There are fixtures.')] = readProbeFixtures();
    const probed = probedFixture(fixture);
    const before = tf.memory().numTensors;
    await takeProbe(probed, context);
    assert.equal(tf.memory().numTensors, before);
  });
});
