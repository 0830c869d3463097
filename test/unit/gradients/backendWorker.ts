/** A thread that runs the product's own model, kernels and training on the backend that the test asks for. */
import { parentPort } from 'node:worker_threads';
import * as tf from '@tensorflow/tfjs';
import { createBirpc } from 'birpc';
import { BackendUnavailableError } from '../../../src/backends/backend.ts';
import { backendNamed } from '../../../src/backends/registry.ts';
import { StreamBatcher } from '../../../src/data/streamBatcher.ts';
import { TokenSequence } from '../../../src/data/tokenSequence.ts';
import type { LstmInputs, Taps } from '../../../src/kernels/contract.ts';
import { lstmSequence } from '../../../src/kernels/ops.ts';
import type { LstmState } from '../../../src/layers/lstm.ts';
import { LanguageModel } from '../../../src/models/languageModel.ts';
import { readTensors, writeVariables } from '../../../src/models/weights.ts';
import type { NamedTensor } from '../../../src/models/weights.ts';
import { labHome } from '../../../src/runs/home.ts';
import { LanguageModelTrainer } from '../../../src/training/languageModelTrainer.ts';
import type { StepResult } from '../../../src/training/languageModelTrainer.ts';
import { lossAndGradients } from '../../../src/training/lossAndGradients.ts';
import type { Window } from '../../../src/training/lossAndGradients.ts';
import { zip } from '../../oracle/matrix.ts';
import type { StoredModel } from '../../oracle/storedTensors.ts';

const LSTM_INPUTS = ['x', 'kernel', 'recurrentKernel', 'bias', 'h0', 'c0'] as const;

/** The inputs of the LSTM kernel, and the gradients of its outputs h and c, by the names of the contract. */
export type LstmTensors = Readonly<Record<(typeof LSTM_INPUTS)[number] | 'dh' | 'dcLast', NamedTensor>>;

const calculator = {
  /** @returns why the backend cannot be used here, or nothing once it computes. */
  async load(name: string): Promise<string | undefined> {
    try {
      await backendNamed(name).load({ home: labHome(), tensorflowPath: '' });
      return undefined;
    } catch (error) {
      if (error instanceof BackendUnavailableError) return error.message;
      throw error;
    }
  },

  /** @param initial h and c of each layer in turn; the final states come back under their names. */
  async lossAndGradients(stored: StoredModel, window: Window, initial: readonly NamedTensor[]) {
    const model = modelOf(stored);
    const before = Array.from({ length: stored.shape.layers }, (_, layer) => {
      const [h, c] = initial.slice(2 * layer).map((part) => tensor<tf.Tensor2D>(part));
      return { h, c } as LstmState;
    });
    const { loss, gradients, state } = lossAndGradients(model, window, before);
    const [value = NaN] = await loss.data();
    const final = state.flatMap(({ h, c }) => [h, c]);
    return {
      loss: value,
      gradients: await readTensors(zip(model.parameters, gradients, ({ name }, gradient) => ({ name, tensor: gradient }))),
      final: await readTensors(zip(initial, final, ({ name }, after) => ({ name, tensor: after }))),
    };
  },

  /** The kernel's outputs h, c and gates, the gradient of each of its inputs, and the norms. */
  async lstm({ dh, dcLast, ...stored }: LstmTensors): Promise<NamedTensor[]> {
    const [x, kernel, recurrentKernel, bias, h0, c0] = LSTM_INPUTS.map((name) => tensor(stored[name]));
    const inputs = { x, kernel, recurrentKernel, bias, h0, c0 } as LstmInputs;
    const tapped: NamedTensor[] = [];
    const read = async (named: { name: string; tensor: tf.Tensor }[]) => tapped.push(...(await readTensors(named)));
    const reads: Promise<unknown>[] = [];
    const taps: Taps = {
      receive: (norms) => reads.push(read([{ name: 'norms', tensor: norms }])),
      receiveOutputs: (outputs) =>
        reads.push(read(zip(['h', 'c', 'gates'], outputs, (name, output) => ({ name, tensor: output })))),
    };
    const loss = (): tf.Scalar => {
      const { h, cLast } = lstmSequence(inputs, { taps });
      return tf.add(tf.sum(tf.mul(h, tensor(dh))), tf.sum(tf.mul(cLast, tensor(dcLast))));
    };
    const gradients = tf.grads(loss)(Object.values(inputs));
    await Promise.all(reads);
    return [
      ...tapped,
      ...(await readTensors(
        zip(LSTM_INPUTS, gradients, (name, gradient) => ({ name: `gradient of ${name}`, tensor: gradient })),
      )),
    ];
  },

  /** One epoch over a text, as a run trains it. `tensors` are weights, moments of Adam and carried state after it. */
  async train(
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
  },
};

export type Calculator = typeof calculator;

function modelOf({ shape, weights }: StoredModel): LanguageModel {
  const model = new LanguageModel(shape);
  writeVariables(model.parameters, weights);
  return model;
}

function tensor<T extends tf.Tensor>({ values, shape }: NamedTensor): T {
  return tf.tensor(values, [...shape]) as T;
}

const port = parentPort;
if (!port) throw new Error('This module is the entry of a worker thread.');
createBirpc<object, Calculator>(calculator, {
  post: (message) => port.postMessage(message),
  on: (listener) => port.on('message', listener),
});
