import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { referenceBackend } from '../../../src/backends/reference.ts';
import { type CellDescription, cells } from '../../../src/config/cells.ts';
import type { SequenceInputs } from '../../../src/kernels/contract.ts';
import { gruSequence, type SequenceOptions } from '../../../src/kernels/sequences.ts';
import type { StateJacobians } from '../../../src/layers/jacobian/stateJacobian.ts';
import { HiddenStateLayer, type RecurrentOptions } from '../../../src/layers/recurrent.ts';
import { unitScores } from '../../../src/probes/inspection/unitScores.ts';
import { gradientFlow } from '../../../src/probes/gradientFlow.ts';
import { jacobianCurves } from '../../../src/probes/jacobianCurves.ts';
import { lastLosses } from '../../../src/probes/lossWeights.ts';
import { norm } from '../../../src/judgment/numbers.ts';
import { recurrentWeights } from '../../../src/probes/recurrentWeights.ts';
import { takeProbe } from '../../../src/probes/takeProbe.ts';
import { trajectoryOf } from '../../../src/probes/trajectory.ts';
import { Random } from '../../oracle/random.ts';
import { constructed, type Construction, STEPS, UNITS } from './constructed.ts';
import { context } from './context.ts';
import { probedLayers } from './probedLayers.ts';

const constructions: Record<string, Construction> = {
  'LSTM, forward': { cell: 'lstm', forgetBias: 1 },
  'LSTM, backward': { cell: 'lstm', goBackwards: true },
  'GRU, reset before the product': { cell: 'gru' },
  'GRU, reset after the product, backward': { cell: 'gru', resetAfter: true, goBackwards: true },
  'RNN with tanh': { cell: 'rnn' },
  'RNN with relu, backward': { cell: 'rnn', activation: 'relu', goBackwards: true },
  'linear RNN': { cell: 'rnn', activation: 'linear' },
};

/** Description of a cell that names no gate as its memory. */
function withoutMemoryGate({ memoryGate: _, ...others }: CellDescription): CellDescription {
  return others;
}

/** Layer of a made-up cell that defines neither a Jacobian nor a memory gate. */
class MadeUpLayer extends HiddenStateLayer {
  static readonly className = 'MadeUp';
  override readonly kind = withoutMemoryGate(cells.gru);

  override copy(changes: Partial<RecurrentOptions>): MadeUpLayer {
    return new MadeUpLayer({ ...this.options, ...changes });
  }

  protected override hiddenStates(inputs: SequenceInputs, options: SequenceOptions): tf.Tensor3D {
    return gruSequence(inputs, { ...options, resetAfter: false });
  }
}

interface BackwardPass {
  readonly jacobians: StateJacobians;
  /** Gradient norms at the states, from the loss of the last processed step, by lag. */
  readonly h: Float64Array;
  readonly c: Float64Array | undefined;
  /** The gradient of that loss: with targets of zero, the last hidden state. */
  readonly gradient: Float64Array;
}

/** A layer's Jacobians in the first sequence. */
async function backwardPass(construction: Construction): Promise<BackwardPass> {
  const probed = constructed({ ...construction, targets: 0 });
  const weights = lastLosses(probed, construction.goBackwards ?? false);
  const {
    directions: [flow],
  } = await gradientFlow(probed, { sequences: probed.lengths.map((_, b) => b), weights, outputs: true });
  assert.ok(flow);
  const trajectory = trajectoryOf(flow, 0, STEPS, probed.lengths);
  const { kernel } = await recurrentWeights(flow.cell);
  const h = flow.h[0];
  const jacobians = flow.cell.stateJacobians(trajectory, kernel);
  assert.ok(h && jacobians);
  return {
    jacobians,
    h,
    c: flow.c?.[0],
    gradient: trajectory.row(0, STEPS - 1),
  };
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, index) => sum + value * (b[index] ?? NaN), 0);
}

describe('the Jacobians of a step', () => {
  before(() => referenceBackend.load({ home: '', tensorflowPath: '' }));

  for (const [name, construction] of Object.entries(constructions)) {
    it(`${name}: the product of their transposes propagates a gradient like the kernels, lag by lag`, async () => {
      const { jacobians, h, c, gradient } = await backwardPass(construction);
      let cotangent = new Float64Array(jacobians.size);
      cotangent.set(gradient);
      const parts = (vector: Float64Array) => [norm(vector.subarray(0, UNITS)), norm(vector.subarray(UNITS))];
      for (let lag = 1; lag <= STEPS; lag++) {
        cotangent = Float64Array.from(jacobians.backward(STEPS - lag, cotangent));
        const [ofH = NaN, ofC = NaN] = parts(cotangent);
        assert.ok(Math.abs(ofH / (h[lag] ?? NaN) - 1) < 1e-3, `lag ${lag}: h ${ofH} for ${h[lag]}`);
        // The gradient at c before a step includes the path through h of that step, which is a separate entry of the
        // Jacobian.
        if (c && lag === STEPS) assert.ok(Math.abs(ofC / (c[lag] ?? NaN) - 1) < 1e-3, `c ${ofC} for ${c[lag]}`);
      }
    });

    it(`${name}: forward and backward are transposes`, async () => {
      const { jacobians } = await backwardPass(construction);
      const random = new Random(3);
      for (let step = 0; step < STEPS; step += 13) {
        const [x, y] = [0, 1].map(() => random.matrix(1, jacobians.size, 1).values) as [Float64Array, Float64Array];
        const [left, right] = [dot(jacobians.forward(step, x), y), dot(x, jacobians.backward(step, y))];
        assert.ok(Math.abs(left - right) <= 1e-12 * norm(x) * norm(y), `${left} and ${right}`);
      }
    });
  }

  it('are measured at selected lags with the same values if all lags are too expensive', async () => {
    const { jacobians } = await backwardPass({ cell: 'rnn' });
    const all = jacobianCurves(jacobians, UNITS * UNITS);
    const some = jacobianCurves(jacobians, 1e9);
    const measured = some.state.flatMap((value, lag) => (value === null ? [] : [lag]));
    assert.deepEqual(measured, [0, 1, 2, 5, 10, 20]);
    for (const lag of measured) assert.equal(some.state[lag], all.state[lag]);
    assert.ok(all.state.every((value) => value !== null));
  });
});

describe('a probe of a cell without a Jacobian', () => {
  before(() => referenceBackend.load({ home: '', tensorflowPath: '' }));

  const probed = (layer: HiddenStateLayer) =>
    probedLayers({ layers: [layer], x: tf.ones([6, 2, 3]), targets: tf.ones([6, 2, 4]), lengths: [6, 4] });

  it('omits the curve, reports it, and measures everything else', async () => {
    const probe = await takeProbe(probed(new MadeUpLayer({ name: 'made_up', units: 4, inputs: 3 })), context);
    const [layer] = probe.layers;
    assert.ok(layer);
    assert.deepEqual(layer.jacobian, { state: [], h: [] });
    assert.deepEqual(layer.unavailable, ['jacobian']);
    assert.equal(layer.summed.h.length, 7);
    assert.equal(layer.lagMatrix.length, 6);
    assert.deepEqual(
      layer.gates.map(({ gate }) => gate),
      ['update', 'reset', 'candidate'],
    );
    assert.equal(layer.forgetBias, null);
    assert.equal(layer.forgetProduct, null);
  });

  it('does not report it if only a thorough probe would measure it', async () => {
    const layer = new MadeUpLayer({ name: 'made_up', units: 4, inputs: 3 });
    const probe = await takeProbe(probed(layer), { ...context, thorough: false });
    assert.equal(probe.layers[0]?.unavailable, undefined);
  });

  it('sorts units by memory from their hidden state if it has no memory gate', () => {
    const cell = new MadeUpLayer({ name: 'made_up', units: 2, inputs: 3 });
    const outputs = [Float32Array.of(0, 0, 1, 1, 2, 0, 3, 1, 4, 0), new Float32Array(5 * 6)];
    const activations = { layer: 'made_up', direction: 'forward' as const, cell, timeSteps: 5, outputs };
    const [steady = NaN, alternating = NaN] = unitScores(activations, 'hidden', 'memory', ['a', 'b', 'c', 'd', 'e']);
    assert.ok(steady > alternating, `${steady} and ${alternating}`);
  });
});
