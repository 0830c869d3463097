import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { referenceBackend } from '../../../src/backends/reference.ts';
import { modelSchema } from '../../../src/config/schema.ts';
import { softmaxCrossEntropy } from '../../../src/kernels/ops.ts';
import { LanguageModel } from '../../../src/models/languageModel.ts';
import type { ModelState } from '../../../src/models/recurrentNetwork.ts';
import { Generator } from '../../../src/random/generator.ts';
import { stateTensors } from '../../../src/training/carriedState.ts';
import { lossAndGradients } from '../../../src/training/lossAndGradients.ts';
import { cellKinds } from '../../oracle/cells.ts';
import { assertClose } from '../../oracle/compare.ts';
import { Random } from '../../oracle/random.ts';

const [STEPS, BATCH, VOCABULARY] = [9, 3, 7];

describe('truncated backpropagation with a stride of k1 in windows of k2 steps', () => {
  before(() => referenceBackend.load({ home: '', tensorflowPath: '' }));

  const random = new Random(1990);
  const ids = () => Int32Array.from({ length: STEPS * BATCH }, () => random.integer(VOCABULARY));
  const window = { inputs: ids(), targets: ids(), timeSteps: STEPS, batch: BATCH };

  for (const [name, kind] of Object.entries(cellKinds)) {
    for (const stride of [1, 4, STEPS]) {
      it(`flows back over the full window from its last ${stride} steps, and continues after its first ${stride}: ${name}`, async () => {
        const config = modelSchema.parse({ ...kind, units: 5, layers: 2 });
        const model = new LanguageModel({ ...config, vocabularySize: VOCABULARY });
        model.initialize(Generator.forPurpose(1, 'weights'), config);
        const state = model.zeroState(BATCH);
        const actual = lossAndGradients(model, { ...window, stride, newSteps: stride }, state);

        // The same in one pass: all losses are computed, and all except the last few have weight 0.
        const weights = tf.tensor1d(
          window.targets.map((_, at) => (at >= (STEPS - stride) * BATCH ? 1 : 0)),
          'float32',
        );
        const variables = model.parameters.map(({ variable }) => variable);
        const expected = tf.variableGrads(() => {
          const { logits } = model.forward(tf.tensor2d(window.inputs, [STEPS, BATCH], 'int32'), state);
          const losses = softmaxCrossEntropy({ logits, targets: tf.tensor1d(window.targets, 'int32') });
          return tf.div(tf.sum(tf.mul(losses, weights)), stride * BATCH) as tf.Scalar;
        }, variables);
        assertClose('loss', await actual.loss.data(), await expected.value.data(), 1e-6);
        variables.forEach((variable, index) => {
          assertClose(
            variable.name,
            actual.gradients[index]?.dataSync() ?? [],
            expected.grads[variable.name]?.dataSync() ?? [],
            1e-5,
          );
        });

        const { state: after } = model.hiddenStates(
          tf.tensor2d(window.inputs.slice(0, stride * BATCH), [stride, BATCH], 'int32'),
          state,
        );
        const values = (of: ModelState) => stateTensors(of).flatMap(({ tensor }) => [...tensor.dataSync()]);
        assertClose('carried state', values(actual.state), values(after), 1e-6);
      });
    }
  }

  it('leaks no tensors except those returned to the caller', () => {
    const config = modelSchema.parse({ units: 4 });
    const model = new LanguageModel({ ...config, vocabularySize: VOCABULARY });
    const state = model.zeroState(BATCH);
    const before = tf.memory().numTensors;
    const { loss, gradients, state: after } = lossAndGradients(model, { ...window, stride: 2, newSteps: 2 }, state);
    tf.dispose([loss, ...gradients, ...stateTensors(after).map(({ tensor }) => tensor)]);
    assert.equal(tf.memory().numTensors, before);
  });
});
