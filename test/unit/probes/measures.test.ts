import assert from 'node:assert/strict';
import { referenceBackend } from '../../../src/backends/reference.ts';
import type { GateStatistics } from '../../../src/protocol/probes.ts';
import { forgetProduct } from '../../../src/probes/gateStatistics.ts';
import { gradientFlow } from '../../../src/probes/gradientFlow.ts';
import { curvesByLag, effectiveMemory, relative, rootMeanSquare } from '../../../src/judgment/lagCurves.ts';
import { allLosses } from '../../../src/probes/lossWeights.ts';
import { takeProbe } from '../../../src/probes/takeProbe.ts';
import { BATCH, constructed, INPUTS, STEPS, UNITS } from './constructed.ts';
import { context } from './context.ts';

describe('curves by lag', () => {
  // Three steps of two sequences, the second of which is one step shorter.
  const norms = [1, 10, 2, 20, 3, 999];
  const initial = [0.5, 5];

  it('count back from the last unmasked step to the state before the first', () => {
    assert.deepEqual(
      curvesByLag(norms, initial, [3, 2], false).map((curve) => [...curve]),
      [
        [3, 2, 1, 0.5],
        [20, 10, 5],
      ],
    );
  });

  it('count forward in a backward direction', () => {
    assert.deepEqual(
      curvesByLag(norms, initial, [3, 2], true).map((curve) => [...curve]),
      [
        [1, 2, 3, 0.5],
        [10, 20, 5],
      ],
    );
  });

  it('are averaged over the sequences that reach the lag, without underflow', () => {
    const curves = [
      [3e-30, 1e-38, 2],
      [4e-30, 1e-38],
    ].map((values) => Float64Array.from(values));
    assert.deepEqual(
      rootMeanSquare(curves).map((value) => value.toPrecision(6)),
      [5e-30 / Math.SQRT2, 1e-38, 2].map((value) => value.toPrecision(6)),
    );
  });

  it('end where less than 1 % remains', () => {
    assert.equal(effectiveMemory(relative([2, 1, 0.02, 0.019])), 3);
    assert.equal(effectiveMemory(relative([2, 1])), null);
  });
});

describe('a probe', () => {
  before(() => referenceBackend.load({ home: '', tensorflowPath: '' }));

  it('of a model with one loss at the end sees it from every step, in both kinds of curves', async () => {
    const {
      layers: [layer],
    } = await takeProbe(constructed({ cell: 'lstm', forgetBias: 1 }, 'the end'), context);
    assert.ok(layer);
    assert.deepEqual(
      relative(layer.summed.h.map(Number)).map((value) => value.toPrecision(4)),
      layer.lastStep.h.map((value) => value?.toPrecision(4)),
    );
    assert.deepEqual(
      layer.lagMatrix.map(({ length }) => length),
      [...new Array<number>(STEPS - 1).fill(0), STEPS + 1],
    );
  });

  it('omits the expensive measurements unless it is thorough', async () => {
    const {
      layers: [layer],
    } = await takeProbe(constructed({ cell: 'rnn' }), { ...context, thorough: false });
    assert.deepEqual([layer?.lagMatrix, layer?.jacobian], [[], { state: [], h: [] }]);
    assert.equal(layer?.lastStep.h.length, STEPS + 1);
  });

  it('contains the given update ratios, and none before the first update', async () => {
    const { parameters: before } = await takeProbe(constructed({ cell: 'rnn' }), { ...context, thorough: false });
    assert.deepEqual(
      before.map(({ updateRatio }) => updateRatio),
      [null, null, null],
    );
    const updateRatios = new Map(before.map(({ name }, index) => [name, index / 100]));
    const { parameters } = await takeProbe(constructed({ cell: 'rnn' }), { ...context, thorough: false, updateRatios });
    assert.deepEqual(
      parameters.map(({ updateRatio }) => updateRatio),
      [0, 0.01, 0.02],
    );
  });

  it('clips the norm of the gradient as the run does', async () => {
    const clipped = async (clipNorm: number) => {
      const { gradientNorm, clippedGradientNorm } = await takeProbe(constructed({ cell: 'rnn' }), {
        ...context,
        thorough: false,
        settings: { ...context.settings, clipNorm },
      });
      assert.ok(gradientNorm !== null && clippedGradientNorm !== null && gradientNorm > 0.01);
      return { gradientNorm, clippedGradientNorm };
    };
    const { gradientNorm, clippedGradientNorm } = await clipped(0);
    assert.equal(clippedGradientNorm, gradientNorm);
    assert.equal((await clipped(0.01)).clippedGradientNorm, 0.01);
  });

  it('clips values before it clips the norm', async () => {
    const clippedAt = async (clipValue: number, clipNorm: number) => {
      const probe = await takeProbe(constructed({ cell: 'rnn' }), {
        ...context,
        thorough: false,
        settings: { ...context.settings, clipValue, clipNorm },
      });
      return { ...probe, entries: INPUTS * UNITS + UNITS * UNITS + UNITS };
    };
    const { clippedGradientNorm, gradientNorm, entries } = await clippedAt(1e-6, 0);
    assert.ok(gradientNorm !== null && clippedGradientNorm !== null && clippedGradientNorm < gradientNorm);
    assert.ok(
      Math.abs(clippedGradientNorm / (1e-6 * Math.sqrt(entries)) - 1) < 0.01,
      'almost every value is above so small a bound',
    );
    assert.equal((await clippedAt(1e-6, 1e-9)).clippedGradientNorm, 1e-9);
    assert.equal((await clippedAt(1e6, 0)).clippedGradientNorm, gradientNorm);
  });

  for (const cell of ['lstm', 'gru', 'rnn'] as const) {
    it(`counts every gate value of the cell ${cell} once, and its saturated units`, async () => {
      const { layers } = await takeProbe(constructed({ cell, inputs: 4 }), { ...context, thorough: false });
      const { gates } = layers[0]!;
      assert.deepEqual(
        gates.map(({ gate }) => gate),
        { lstm: ['input', 'forget', 'candidate', 'output'], gru: ['update', 'reset', 'candidate'], rnn: ['hidden'] }[
          cell
        ],
      );
      for (const { gate, histogram, low, high, lowByUnit, highByUnit } of gates as GateStatistics[]) {
        const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
        assert.ok(Math.abs(sum(histogram) - 1) < 1e-4, gate);
        assert.ok(Math.abs(sum(lowByUnit) / UNITS - low) < 1e-9 && Math.abs(sum(highByUnit) / UNITS - high) < 1e-9);
        // The outer bins contain the saturated values: two of a sigmoid's 20 bins at each end, one of a tanh's.
        const outer = gate === 'candidate' || gate === 'hidden' ? 1 : 2;
        assert.ok(
          Math.abs(sum(histogram.slice(0, outer)) - low) < 1e-4 && Math.abs(sum(histogram.slice(-outer)) - high) < 1e-4,
        );
      }
    });
  }

  for (const goBackwards of [false, true]) {
    it(`multiplies forget gates from the last step processed ${goBackwards ? 'backward' : 'forward'}`, async () => {
      const probed = constructed({ cell: 'lstm', goBackwards });
      const {
        directions: [flow],
      } = await gradientFlow(probed, { sequences: [0, 1, 2, 3], weights: allLosses(probed), outputs: true });
      assert.ok(flow);
      const gates = flow.outputs[2]!;
      const steps = Array.from({ length: STEPS }, (_, step) => (goBackwards ? step : STEPS - 1 - step));
      const expected = [0, 1, 7, STEPS].map((lag) => {
        let sum = 0;
        for (let b = 0; b < BATCH; b++) {
          for (let unit = 0; unit < UNITS; unit++) {
            sum += steps
              .slice(0, lag)
              .reduce((product, t) => product * (gates[(t * BATCH + b) * 4 * UNITS + UNITS + unit] ?? NaN), 1);
          }
        }
        return sum / (BATCH * UNITS);
      });
      const found = forgetProduct(flow, STEPS, probed.lengths);
      assert.equal(found.length, STEPS + 1);
      [0, 1, 7, STEPS].forEach((lag, index) =>
        assert.ok(Math.abs((found[lag] ?? NaN) / (expected[index] ?? NaN) - 1) < 1e-9),
      );
    });
  }
});
