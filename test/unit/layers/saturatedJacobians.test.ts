import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { referenceBackend } from '../../../src/backends/reference.ts';
import type { SequenceInputs } from '../../../src/kernels/contract.ts';
import { Float64Matrix } from '../../../src/kernels/float64Matrix.ts';
import type { Trajectory } from '../../../src/layers/jacobian/stateJacobian.ts';
import { norm } from '../../../src/judgment/numbers.ts';
import { type CellKind, cellKinds, type SequenceCase } from '../../oracle/cells.ts';
import { runBatch } from '../../oracle/recurrent.ts';
import { saturatedSequence } from '../../oracle/saturated.ts';
import { layerOf, tensor } from '../gradients/sequenceCalculator.ts';
import { sequenceCall } from '../gradients/sequenceCall.ts';
import { TAIL_SEEDS } from '../gradients/tails.ts';

/** Norms are compared down to this fraction of that at lag 0. */
const SMALLEST = 1e-30;

/** Outputs that the taps of a layer receive, each `[timeSteps, width]`. */
function outputsOf(kind: CellKind, layer: SequenceCase): Float32Array[] {
  return tf.tidy(() => {
    const inputs = Object.fromEntries(sequenceCall(layer).inputs.map((input) => [input.name, tensor(input)]));
    const { h0, c0, ...others } = inputs as unknown as SequenceInputs & { readonly c0?: tf.Tensor2D };
    const recurrent = layerOf(kind, { name: 'layer', units: h0.shape[1] });
    let outputs: Float32Array[] = [];
    recurrent.run(others, c0 ? { h: h0, c: c0 } : { h: h0 }, {
      taps: {
        receive: (norms) => norms.dispose(),
        receiveOutputs(received) {
          outputs = received.map((output) => output.dataSync<'float32'>());
          tf.dispose([...received]);
        },
      },
    });
    return outputs;
  });
}

function trajectoryOf(outputs: readonly Float32Array[], { initial, inputs }: SequenceCase): Trajectory {
  const steps = inputs.length;
  const row = (output: number, step: number): Float64Array => {
    const values = outputs[output]!;
    const width = values.length / steps;
    return Float64Array.from(values.subarray(step * width, (step + 1) * width));
  };
  const rowBefore = (output: number, step: number) => (step === 0 ? initial[output]!.values : row(output, step - 1));
  return { units: initial[0].columns, steps, row, rowBefore };
}

describe('the Jacobians of saturated cells', () => {
  before(() => referenceBackend.load({ home: '', tensorflowPath: '' }));

  for (const [name, kind] of Object.entries(cellKinds)) {
    it(`${name}: agree with float64 at every lag, down to 1e-30 of lag 0`, () => {
      for (const seed of TAIL_SEEDS) {
        const layer = saturatedSequence(seed, kind);
        const { cell, inputs, initial, direct } = layer;
        const recurrent = layerOf(kind, { name: 'layer', units: initial[0].columns });
        const { recurrentKernel } = cell.weights;
        const jacobians = recurrent.stateJacobians(
          trajectoryOf(outputsOf(kind, layer), layer),
          new Float64Matrix(recurrentKernel.rows, recurrentKernel.columns, recurrentKernel.values),
        );
        assert.ok(jacobians);
        const expected = runBatch(cell, inputs, initial, layer)
          .back(direct)
          .states.map(([h]) => norm(h.values));
        let cotangent = new Float64Array(jacobians.size);
        cotangent.set(direct.at(-1)![0].values);
        for (let step = inputs.length - 1; step > 0; step--) {
          cotangent = Float64Array.from(jacobians.backward(step, cotangent));
          const exact = expected[step - 1]!;
          if (exact < SMALLEST * expected.at(-1)!) continue;
          const actual = norm(cotangent.subarray(0, jacobians.units));
          assert.ok(Math.abs(actual / exact - 1) <= 1e-3, `seed ${seed}, step ${step}: ${actual} for ${exact}`);
        }
      }
    });
  }
});
