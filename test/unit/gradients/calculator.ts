import * as tf from '@tensorflow/tfjs';
import { BackendUnavailableError } from '../../../src/backends/backend.ts';
import { backendNamed } from '../../../src/backends/registry.ts';
import { embeddingLookup } from '../../../src/kernels/ops.ts';
import { registerReferenceKernels } from '../../../src/kernels/reference/register.ts';
import { registerTensorflowKernels } from '../../../src/kernels/tensorflow/register.ts';
import type { LabWebGpu } from '../../../src/kernels/webgpu/backend.ts';
import { labHome } from '../../../src/runs/home.ts';
import { tasks } from '../../../src/config/tasks.ts';
import type { RunConfig, RunConfigInput } from '../../../src/config/schema.ts';
import type { Repetition } from '../../../src/protocol/replay.ts';
import { readRecord, type RunRecord } from '../../../src/runs/record.ts';
import type { BackendReport } from '../../../src/protocol/trainer.ts';
import { listBackends } from '../../../src/worker/listBackends.ts';
import { type Verification, verifyRun } from '../../../src/worker/replay/verify.ts';
import { Session } from '../../../src/worker/session.ts';
import { recorder, request, train as trainRun } from '../worker/fixture.ts';
import { layers } from './layerCalculator.ts';
import { diverge, lossAndGradients, train, truncatedGradients } from './modelCalculator.ts';
import { projections } from './projectionCalculator.ts';
import { sequence } from './sequenceCalculator.ts';
import { say } from '../../../src/phrases/phrase.ts';

/** TensorFlow.js backend of the reference kernels. */
const REFERENCE = 'cpu';

/**
 * Runs the kernels, layers and training on a backend selected by the test.
 * @param ownProcess whether it runs in a separate process
 */
export function newCalculator(ownProcess: boolean) {
  return {
    /** @returns the reason if the backend cannot be used here */
    async load(name: string): Promise<string | undefined> {
      try {
        await backendNamed(name).load({ home: labHome(), tensorflowPath: '', ownProcess });
        return undefined;
      } catch (error) {
        if (error instanceof BackendUnavailableError) return error.message;
        throw error;
      }
    },

    /** Returns the kernels for which the backend uses the reference. The reference lacks none. */
    lacks(kernels: readonly string[]): string[] {
      const backend = tf.getBackend();
      registerReferenceKernels(REFERENCE);
      return backend === REFERENCE
        ? []
        : kernels.filter((name) => functionOf(name, backend) === functionOf(name, REFERENCE));
    },

    /** Tries to load every backend. The last one that loads stays set. */
    async backends(): Promise<BackendReport[]> {
      return listBackends({ home: labHome(), tensorflowPath: '', ownProcess });
    },

    /** Returns the device of a backend. */
    async deviceOf(name: string): Promise<string> {
      const { device } = await backendNamed(name).load({
        home: labHome(),
        tensorflowPath: '',
        ownProcess,
      });
      return say(device);
    },

    /** Returns the names of the GPU programs of the kernels that have run so far. */
    programs(): string[] {
      return [...(tf.backend() as LabWebGpu).pipelines.keys()];
    },

    /** Switches the kernels on native TensorFlow to TensorFlow ops, as on a GPU. */
    useTensorflowOps(): void {
      for (const { kernelName, backendName } of tf.getKernelsForBackend('tensorflow'))
        if (kernelName.startsWith('SequenceLab')) tf.unregisterKernel(kernelName, backendName);
      registerTensorflowKernels();
    },

    /**
     * Returns the output of a kernel, the result of a stock op on it, and that result again after the output is
     * disposed and its memory reused.
     */
    async outlive(): Promise<{ made: number[]; reshaped: number[]; later: number[] }> {
      const ids = tf.tensor2d([[0, 1, 2]], [1, 3], 'int32');
      const rows = (first: number) =>
        embeddingLookup({
          table: tf.tensor2d(
            Array.from({ length: 12 }, (_, index) => first + index),
            [3, 4],
          ),
          ids,
        });
      const table = rows(1);
      const flat = tf.reshape(table, [12]);
      const [made, reshaped] = [[...(await table.data())], [...(await flat.data())]];
      table.dispose();
      for (let turn = 0; turn < 5; turn++) rows(100 * turn);
      return { made, reshaped, later: [...(await tf.add(flat, 0).data())] };
    },

    /** Sets the shared memory of a workgroup to zero, so that states exceed it. */
    disableSharedMemory(): void {
      Object.defineProperty(tf.backend(), 'sharedMemory', { value: 0 });
    },

    /** Destroys the GPU device. @returns outcomes of a pending readback and of a later one */
    async loseGpu(): Promise<string[]> {
      // Small tensors would be computed on the CPU.
      const product = () => tf.matMul(tf.randomNormal([100, 100]), tf.ones([100, 100])).data();
      const waiting = product();
      (tf.backend() as LabWebGpu).device.destroy();
      const late = product();
      const outcomes = await Promise.allSettled([waiting, late]);
      return outcomes.map((outcome) => (outcome.status === 'rejected' ? String(outcome.reason) : 'a number came'));
    },

    /**
     * Trains a run whose GPU is lost at its first checkpoint, then resumes it on another backend.
     * @param home home folder of the runs
     */
    async loseGpuInRun(home: string): Promise<{
      reason: string;
      record: RunRecord;
      memory: number[];
      resumed: { reason: string; backend: string; steps: number[] };
    }> {
      const { device } = tf.backend() as LabWebGpu;
      const events = recorder();
      const backends = { home, tensorflowPath: '', wideSimd: false, ownProcess: true };
      const asked = request(home, { backend: 'webgpu', training: { steps: 30, checkpointEvery: 10 } });
      const session = await Session.start({ ...asked, backends }, (event) => {
        events.emit(event);
        if (event.event === 'checkpoint') device.destroy();
      });
      const reason = await session.train().then(() => 'it was trained', String);
      const record = await readRecord(session.folder);
      const memory = events.of('memory').map(({ deviceBytes }) => deviceBytes);
      const later = recorder();
      const again = await Session.resume(
        { folder: session.folder, changes: { backend: 'wasm' }, backends },
        later.emit,
      );
      const end = await again.train();
      return {
        reason,
        record,
        memory,
        resumed: { reason: end.reason, backend: end.backend, steps: later.of('step').map(({ step }) => step) },
      };
    },

    /** Trains a run, replays it and repeats it. @param home home folder of the runs */
    async repeat(
      backend: RunConfig['backend'],
      home: string,
      config: RunConfigInput,
    ): Promise<{ used: string; verification: Verification; repetition: Repetition | null }> {
      const backends = { home, tensorflowPath: '', wideSimd: false, ownProcess };
      const start = request(home, { ...config, backend });
      const source = tasks[start.config.task.name].generated ? { kind: 'generated' as const } : start.source;
      const { folder } = await trainRun({ ...start, source, backends });
      const { backend: used } = await readRecord(folder);
      const verification = await verifyRun({ folder, backends });
      const session = await Session.repeat({ folder, backends }, () => undefined);
      await session.train();
      const { repetition } = await readRecord(session.folder);
      return { used: used.name, verification, repetition };
    },

    sequence,
    layers,
    projections,
    lossAndGradients,
    truncatedGradients,
    train,
    diverge,
  };
}

/** What a backend computes for the tests. */
export type Calculator = ReturnType<typeof newCalculator>;

function functionOf(kernel: string, backend: string): tf.KernelConfig['kernelFunc'] | undefined {
  return tf.getKernel(kernel, backend)?.kernelFunc;
}
