import * as tf from '@tensorflow/tfjs';
import { StreamBatcher } from '../../../src/data/streamBatcher.ts';
import { TokenSequence } from '../../../src/data/tokenSequence.ts';
import { LanguageModel } from '../../../src/models/languageModel.ts';
import { readTensors, writeVariables } from '../../../src/models/weights.ts';
import type { NamedTensor } from '../../../src/models/weights.ts';
import { LanguageModelTrainer } from '../../../src/training/languageModelTrainer.ts';
import type { StepResult } from '../../../src/training/trainingTask.ts';
import { stateTensors, storedState } from '../../../src/training/carriedState.ts';
import type { OptimizerChoice } from '../../../src/training/optimizer.ts';
import type { Clipping } from '../../../src/training/update.ts';
import { lossAndGradients as compute } from '../../../src/training/lossAndGradients.ts';
import type { Window } from '../../../src/training/lossAndGradients.ts';
import { zip } from '../../oracle/matrix.ts';
import type { StoredModel } from '../../oracle/storedTensors.ts';

/** @param initial the states of the layers, named as in a checkpoint; the final ones come back under the same names. */
export async function lossAndGradients(stored: StoredModel, window: Window, initial: readonly NamedTensor[]) {
  const model = modelOf(stored);
  const before = storedState(model.zeroState(window.batch), initial);
  const { loss, gradients, state } = compute(model, window, before);
  const [value = NaN] = await loss.data();
  return {
    loss: value,
    gradients: await readTensors(zip(model.parameters, gradients, ({ name }, gradient) => ({ name, tensor: gradient }))),
    final: await readTensors(stateTensors(state)),
  };
}

/** One epoch over a text, as a run trains it. `tensors` are weights, moments of Adam and carried state after it. */
export async function train(
  stored: StoredModel,
  text: readonly number[],
  size: { timeSteps: number; batchSize: number },
  { learningRate, ...settings }: { learningRate: number } & OptimizerChoice & Clipping,
) {
  const batcher = new StreamBatcher(TokenSequence.of(text), size);
  const trainer = new LanguageModelTrainer(modelOf(stored), batcher, settings);
  const steps: StepResult[] = [];
  const tensorsInMemory: number[] = [];
  for (let step = 0; step < batcher.windowsPerEpoch; step++) {
    steps.push(await trainer.step(learningRate, settings));
    tensorsInMemory.push(tf.memory().numTensors);
  }
  return { steps, tensors: await trainer.tensors(), tensorsInMemory };
}

function modelOf({ shape, weights }: StoredModel): LanguageModel {
  const model = new LanguageModel(shape);
  writeVariables(model.parameters, weights);
  return model;
}
