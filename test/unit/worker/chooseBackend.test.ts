import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { modelSchema } from '../../../src/config/schema.ts';
import type { StartEvent } from '../../../src/protocol/events.ts';
import { findTensorflow } from '../../../src/backends/findTensorflow.ts';
import { referenceBackend } from '../../../src/backends/reference.ts';
import { tensorflowBackend } from '../../../src/backends/tensorflow.ts';
import { wasmBackend } from '../../../src/backends/wasm.ts';
import { measureStep } from '../../../src/worker/measure.ts';
import { connect } from '../../../src/protocol/rpc.ts';
import { ownerContract, trainerContract } from '../../../src/protocol/trainer.ts';
import type { StepShape } from '../../../src/worker/stepShape.ts';
import { workerEntry, workerPort } from '../../../src/worker/workerThread.ts';
import { temporaryFolder } from '../runs/temporary.ts';
import { request } from './fixture.ts';
import { assertNames } from '../../harness/facts.ts';
import { PhrasedError, say } from '../../../src/phrases/phrase.ts';

const shape: StepShape = {
  task: 'language-model',
  model: modelSchema.parse({ units: 8 }),
  inputs: 20,
  timeSteps: 5,
  batchSize: 2,
};

/** Starts a run in a separate worker thread, because a thread has one backend, and returns its start event. */
async function startEventOf(start: ReturnType<typeof request>): Promise<StartEvent> {
  const worker = new Worker(workerEntry);
  try {
    return await new Promise<StartEvent>((resolve, reject) => {
      const { remote } = connect({
        port: workerPort(worker),
        serves: ownerContract,
        functions: {
          events: (events) => {
            for (const event of events) if (event.event === 'start') resolve(event);
          },
          failed: ({ message }) => reject(new PhrasedError(message)),
          generated: () => undefined,
          inspected: () => undefined,
        },
        calls: trainerContract,
        onError: reject,
      });
      remote.start(start).catch(reject);
    });
  } finally {
    await worker.terminate();
  }
}

describe('threads of the backend wasm', () => {
  it('are at most the processors of this computer, or 8', () => {
    const most = Math.max(availableParallelism(), 8);
    for (const wanted of [1, 2, 8, 256]) assert.deepEqual(wasmBackend.threadCounts(wanted), [Math.min(wanted, most)]);
  });
});

describe('chooseBackend', function () {
  this.timeout(180_000);
  const home = temporaryFolder();
  const nowhere = () => ({ home: home(), tensorflowPath: '/nowhere', wideSimd: false });
  const here = () => ({ home: home(), tensorflowPath: '', wideSimd: false });

  it('times the available backends, and reports why others are unavailable', async () => {
    const { backend } = await startEventOf({ ...request(home(), { backend: 'auto' }), backends: nowhere() });
    assert.equal(backend.name, 'wasm');
    assert.match(say(backend.reason), /wasm \(CPU, 1 .*\) [\d.e+]+ ms/);
    assertNames(backend.reason, '@tensorflow/tfjs-node', '/nowhere', 'WebGPU');
  });

  it('times a step in a separate thread', async () => {
    const measured = await measureStep(referenceBackend, shape, nowhere(), 30_000);
    assert.ok('milliseconds' in measured && measured.milliseconds > 0);
  });

  it('ends a step that takes too long', async () => {
    const measured = await measureStep(
      referenceBackend,
      { ...shape, model: modelSchema.parse({ units: 600 }), timeSteps: 200, batchSize: 64 },
      nowhere(),
      1500,
    );
    assert.ok('reason' in measured);
    assertNames(measured.reason, '1500 ms');
  });

  it('reports a backend that does not load', async () => {
    const measured = await measureStep(tensorflowBackend, shape, nowhere(), 30_000);
    assert.ok('reason' in measured && say(measured.reason).includes('/nowhere'));
  });

  it('looks in the folder of the setting, then in its home, and never in the working folder', async () => {
    const make = async (folder: string) => {
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, 'package.json'), '{}');
      return folder;
    };
    const native = await make(join(home(), 'native', 'node_modules', '@tensorflow', 'tfjs-node'));
    const mine = await make(join(home(), 'mine'));
    assert.equal(findTensorflow({ home: home(), tensorflowPath: mine }), mine);
    assert.equal(findTensorflow({ home: home(), tensorflowPath: '', wideSimd: false }), native);
    const workspace = await make(join(home(), 'workspace', 'node_modules', '@tensorflow', 'tfjs-node'));
    const before = process.cwd();
    process.chdir(join(home(), 'workspace'));
    try {
      assert.notEqual(findTensorflow({ home: join(home(), 'empty'), tensorflowPath: '', wideSimd: false }), workspace);
    } finally {
      process.chdir(before);
    }
  });

  it('reports a broken installation, and trains on the next backend', async () => {
    const broken = join(home(), 'native', 'node_modules', '@tensorflow', 'tfjs-node');
    await mkdir(broken, { recursive: true });
    await writeFile(join(broken, 'package.json'), '{"main": "index.js"}');
    await writeFile(join(broken, 'index.js'), 'throw new Error("libtensorflow.so.2: cannot open shared object file");');
    const { backend, notices } = await startEventOf({
      ...request(home(), { backend: 'tensorflow' }),
      backends: here(),
    });
    assert.equal(backend.name, 'wasm');
    assertNames(notices.map(say).join(), 'tensorflow', 'libtensorflow.so.2: cannot open shared object file');
  });

  describe('with native TensorFlow', () => {
    before(function () {
      const folder = installedTensorflow();
      if (folder === undefined) this.skip();
    });

    it('times both, uses the faster one, and caches the result', async () => {
      const first = await startEventOf({ ...request(home(), { backend: 'auto' }), backends: here() });
      assert.match(say(first.backend.reason), /tensorflow \(CPU, \d+ .*\) [\d.e+]+ ms/);
      assertNames(first.backend.reason, 'WebGPU');
      const cache = await readFile(join(home(), 'backends.json'), 'utf8');
      const second = await startEventOf({ ...request(home(), { backend: 'auto' }), backends: here() });
      assert.deepEqual(second.backend, first.backend);
      assert.equal(await readFile(join(home(), 'backends.json'), 'utf8'), cache);
    });

    it('shares one engine between the bundled TensorFlow.js and the installed one', async () => {
      const { backend } = await startEventOf({ ...request(home(), { backend: 'tensorflow' }), backends: here() });
      assert.equal(backend.name, 'tensorflow');
      assert.match(say(backend.device), /^CPU, \d+/);
    });
  });
});

/** The tfjs-node next to the project, if its native part was built. */
function installedTensorflow(): string | undefined {
  try {
    const folder = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-node/package.json'));
    createRequire(import.meta.url).resolve(join(folder, 'lib', 'napi-v8', 'tfjs_binding.node'));
    return folder;
  } catch {
    return undefined;
  }
}
