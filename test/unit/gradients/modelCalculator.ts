import * as tf from '@tensorflow/tfjs';
import { StreamBatcher } from '../../../src/data/streamBatcher.ts';
import { TokenSequence } from '../../../src/data/tokenSequence.ts';
import { LanguageModel } from '../../../src/models/languageModel.ts';
import { StepwiseModel } from '../../../src/models/stepwiseModel.ts';
import { readTensors, writeVariables } from '../../../src/models/weights.ts';
import type { NamedTensor, Parameter } from '../../../src/models/weights.ts';
import { LanguageModelTrainer } from '../../../src/training/languageModelTrainer.ts';
import { stateTensors, storedState } from '../../../src/training/carriedState.ts';
import type { OptimizerChoice } from '../../../src/training/optimizers.ts';
import type { Clipping, Update } from '../../../src/training/update.ts';
import { lossAndGradients as compute } from '../../../src/training/lossAndGradients.ts';
import type { Window } from '../../../src/training/lossAndGradients.ts';
import { stepwiseLoss } from '../../../src/training/stepwiseLoss.ts';
import { zip } from '../../oracle/matrix.ts';
import type { StoredModel } from '../../oracle/storedTensors.ts';

/** @param initial states of the layers, named as in a checkpoint; the final states have the same names */
export async function lossAndGradients(stored: StoredModel, window: Window, initial: readonly NamedTensor[]) {
  const model = modelOf(stored);
  const before = storedState(model.zeroState(window.batch), initial);
  const { loss, gradients, state } = compute(model, window, before);
  const [value = NaN] = await loss.data();
  return {
    loss: value,
    gradients: await readTensors(
      zip(model.parameters, gradients, ({ name }, gradient) => ({ name, tensor: gradient })),
    ),
    final: await readTensors(stateTensors(state)),
  };
}

/** Loss and gradients of whole sequences with an output at each step, where the gradient is cut. */
export async function truncatedGradients(
  { shape, weights }: StoredModel,
  sequences: Pick<Window, 'inputs' | 'targets' | 'timeSteps' | 'batch'>,
  truncation: number,
) {
  const { vocabularySize } = shape;
  const model = new StepwiseModel({ ...shape, inputs: vocabularySize, outputs: vocabularySize });
  writeVariables(model.parameters, weights);
  const batch = { ...sequences, weights: new Float32Array(sequences.inputs.length).fill(1) };
  const before = tf.memory().numTensors;
  const { value, grads } = tf.tidy(() => tf.variableGrads(() => stepwiseLoss(model, batch, { truncation })));
  const [loss = NaN] = await value.data();
  const gradients = await readTensors(
    model.parameters.map(({ name, variable }) => ({ name, tensor: grads[variable.name]! })),
  );
  tf.dispose([value, grads]);
  return { loss, gradients, leaked: tf.memory().numTensors - before };
}

/** Trains one epoch like a run. `tensors` are the final weights, Adam moments and carried state. */
export async function train(
  stored: StoredModel,
  text: readonly number[],
  size: { timeSteps: number; batchSize: number },
  { learningRate, ...settings }: { learningRate: number } & OptimizerChoice & Clipping,
) {
  const batcher = new StreamBatcher(TokenSequence.of(text), size);
  const trainer = new LanguageModelTrainer(modelOf(stored), batcher, settings);
  const steps: Update[] = [];
  const tensorsInMemory: number[] = [];
  for (let step = 0; step < batcher.windowsPerEpoch; step++) {
    steps.push(await trainer.step(learningRate, settings));
    tensorsInMemory.push(tf.memory().numTensors);
  }
  return { steps, tensors: await trainer.tensors(), tensorsInMemory };
}

/**
 * Runs a normal step, and one with a NaN weight. Returns why the second is rejected, and all tensors
 * before and after.
 */
export async function diverge(
  stored: StoredModel,
  text: readonly number[],
  size: { timeSteps: number; batchSize: number },
  choice: OptimizerChoice,
) {
  const model = modelOf(stored);
  const trainer = new LanguageModelTrainer(model, new StreamBatcher(TokenSequence.of(text), size), choice);
  const clipping = { clipNorm: 1, clipValue: 0 };
  await trainer.step(0.01, clipping);
  const [{ variable }] = model.parameters.slice(-1) as [Parameter];
  tf.tidy(() => variable.assign(tf.fill(variable.shape, NaN)));
  // The state is carried even if the step is rejected.
  const kept = async () => [
    { name: 'iterations', values: [trainer.state.iterations] },
    ...(await trainer.tensors()).filter(({ name }) => !name.startsWith('state/')),
  ];
  const before = await kept();
  const reason = await trainer.step(0.01, clipping).then(() => 'it was taken', String);
  return { reason, before, after: await kept() };
}

function modelOf({ shape, weights }: StoredModel): LanguageModel {
  const model = new LanguageModel(shape);
  writeVariables(model.parameters, weights);
  return model;
}
