import * as tf from '@tensorflow/tfjs';
import { StreamBatcher } from '../../../src/data/streamBatcher.ts';
import { TokenSequence } from '../../../src/data/tokenSequence.ts';
import type { LstmState } from '../../../src/layers/lstm.ts';
import { LanguageModel } from '../../../src/models/languageModel.ts';
import { readTensors, writeVariables } from '../../../src/models/weights.ts';
import type { NamedTensor } from '../../../src/models/weights.ts';
import { LanguageModelTrainer } from '../../../src/training/languageModelTrainer.ts';
import type { StepResult } from '../../../src/training/languageModelTrainer.ts';
import { lossAndGradients as compute } from '../../../src/training/lossAndGradients.ts';
import type { Window } from '../../../src/training/lossAndGradients.ts';
import { zip } from '../../oracle/matrix.ts';
import type { StoredModel } from '../../oracle/storedTensors.ts';
import { tensor } from './sequenceCalculator.ts';

/** @param initial h and c of each layer in turn; the final states come back under their names. */
export async function lossAndGradients(stored: StoredModel, window: Window, initial: readonly NamedTensor[]) {
  const model = modelOf(stored);
  const before = Array.from({ length: stored.shape.layers }, (_, layer) => {
    const [h, c] = initial.slice(2 * layer).map((part) => tensor(part));
    return { h, c } as LstmState;
  });
  const { loss, gradients, state } = compute(model, window, before);
  const [value = NaN] = await loss.data();
  const final = state.flatMap(({ h, c }) => [h, c]);
  return {
    loss: value,
    gradients: await readTensors(zip(model.parameters, gradients, ({ name }, gradient) => ({ name, tensor: gradient }))),
    final: await readTensors(zip(initial, final, ({ name }, after) => ({ name, tensor: after }))),
  };
}

/** One epoch over a text, as a run trains it. `tensors` are weights, moments of Adam and carried state after it. */
export async function train(
  stored: StoredModel,
  text: readonly number[],
  size: { timeSteps: number; batchSize: number },
  { learningRate, clipNorm }: { learningRate: number; clipNorm: number },
) {
  const batcher = new StreamBatcher(TokenSequence.of(text), size);
  const trainer = new LanguageModelTrainer(modelOf(stored), batcher);
  const steps: StepResult[] = [];
  const tensorsInMemory: number[] = [];
  for (let step = 0; step < batcher.windowsPerEpoch; step++) {
    steps.push(await trainer.step(learningRate, clipNorm));
    tensorsInMemory.push(tf.memory().numTensors);
  }
  return { steps, tensors: await trainer.tensors(), tensorsInMemory };
}

function modelOf({ shape, weights }: StoredModel): LanguageModel {
  const model = new LanguageModel(shape);
  writeVariables(model.parameters, weights);
  return model;
}
