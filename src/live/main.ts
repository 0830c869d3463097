import './jitless.ts';
import * as tf from '@tensorflow/tfjs';
import { BACKEND_NAME, registerSequenceLab } from '../kernels/wasm/register.ts';
import { WasmRuntime } from '../kernels/wasm/runtime.ts';
import type { Build } from '../kernels/wasm/module.ts';
import { selfTest } from '../kernels/wasm/selfTest.ts';
import { phrase, PhrasedError } from '../phrases/phrase.ts';
import type { LiveModel } from '../protocol/exportedPage.ts';
import { liveModelContract } from '../protocol/liveModel.ts';
import { connect } from '../protocol/rpc.ts';
import type { StoredModel } from '../worker/tasks/storedModel.ts';
import { Inspector } from '../worker/inspector/inspector.ts';
import { idleQuestions } from '../worker/inspector/questions.ts';
import { openers } from './openers.ts';
import { addFile } from './platform/files.ts';

/** Folder of the run in the memory of the page. */
const RUN = 'run';

let opened: { readonly inspector: Inspector; readonly model: StoredModel } | undefined;

/** The opened model. @throws Error before there is one */
function openedModel() {
  if (!opened) throw new PhrasedError(phrase('The model of this page has not been opened.'));
  return opened;
}

function inspector(): Inspector {
  return openedModel().inspector;
}

/** Opens the model once. @returns what it does */
async function openModel(model: LiveModel): Promise<{ reads: boolean; answers: boolean; writes: boolean }> {
  opened ??= await open(model);
  const { reading, answer, writer } = opened.model;
  return { reads: reading !== undefined, answers: answer !== undefined, writes: writer !== undefined };
}

function refuse(): never {
  throw new PhrasedError(phrase('The model of this page cannot do that.'));
}

async function open({ config, step, files, kernels }: LiveModel): Promise<NonNullable<typeof opened>> {
  const openTask = openers[config.task.name];
  if (!openTask) throw new PhrasedError(phrase('A page cannot run the model of this task.'));
  await startBackend(bytesOf(kernels));
  for (const [name, content] of Object.entries(files)) addFile(`${RUN}/model/${name}`, bytesOf(content));
  const model = await openTask(RUN, { config });
  const inspected = {
    step,
    stopping: false,
    reading: () => model.reading ?? refuse(),
    writer: () => model.writer ?? refuse(),
    probe: async () => Promise.resolve(refuse()),
  };
  return { model, inspector: new Inspector(inspected, idleQuestions().ask) };
}

/** The build of the kernels in the page (`src/export/page/liveModel.ts`): the one that every browser runs. */
const BUILD: Build = { instructions: 'simd', wide: false };

/** Starts the kernels in this thread. @throws Error with the reason if this browser cannot run them */
async function startBackend(kernels: Uint8Array<ArrayBuffer>): Promise<void> {
  if (!WebAssembly.validate(kernels)) throw new PhrasedError(phrase('This browser has no WebAssembly with vectors.'));
  const module = new WebAssembly.Module(kernels);
  selfTest(module, BUILD);
  tf.enableProdMode();
  registerSequenceLab(await WasmRuntime.start(module, 1, BUILD));
  await tf.setBackend(BACKEND_NAME);
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

const { port1, port2 } = new MessageChannel();
connect({
  port: {
    post: (message) => port1.postMessage(message),
    onMessage: (listener) => {
      port1.addEventListener('message', (event: Event & { readonly data?: unknown }) => listener(event.data));
      port1.start();
    },
    close: () => port1.close(),
  },
  serves: liveModelContract,
  functions: {
    openModel,
    answer: async (text, top) => openedModel().model.answer?.(text, top) ?? refuse(),
    inspect: (request) => inspector().inspect(request),
    activationMap: (request) => inspector().activationMap(request),
    describeWriter: () => inspector().describeWriter(),
    beginGeneration: (request) => inspector().beginGeneration(request),
    nextGenerated: (id) => inspector().nextGenerated(id),
    cancelGenerated: (id) => inspector().cancelGenerated(id),
  },
  calls: {},
  onError: (error) => {
    throw error;
  },
});
Object.assign(globalThis, { acquireLiveModel: () => port2 });
