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
import { Inspector } from '../worker/inspector/inspector.ts';
import { idleQuestions } from '../worker/inspector/questions.ts';
import { openers } from './openers.ts';
import { addFile } from './platform/files.ts';

/** Folder of the run in the memory of the page. */
const RUN = 'run';

let opened: Inspector | undefined;

/** The inspector of the opened model. @throws Error before there is one */
function inspector(): Inspector {
  if (!opened) throw new PhrasedError(phrase('The model of this page has not been opened.'));
  return opened;
}

async function openModel({ config, step, files, kernels }: LiveModel): Promise<void> {
  if (opened) return;
  const open = openers[config.task.name];
  if (!open) throw new PhrasedError(phrase('A page cannot run the model of this task.'));
  await startBackend(bytesOf(kernels));
  for (const [name, content] of Object.entries(files)) addFile(`${RUN}/model/${name}`, bytesOf(content));
  const { reading, writer } = await open(RUN, { config });
  const refuse = (): never => {
    throw new PhrasedError(phrase('The model of this page cannot do that.'));
  };
  opened = new Inspector(
    {
      step,
      stopping: false,
      reading: () => reading ?? refuse(),
      writer: () => writer ?? refuse(),
      probe: async () => Promise.resolve(refuse()),
    },
    idleQuestions().ask,
  );
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
