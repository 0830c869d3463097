import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import * as tf from '@tensorflow/tfjs';
import { ensureKeras, KERAS_ENVIRONMENT } from '../../scripts/lib/keras.ts';
import { root } from '../../scripts/lib/paths.ts';
import { backendNamed } from '../../src/backends/registry.ts';
import { importFormatOf } from '../../src/interop/importFormats.ts';
import type { PortableShape } from '../../src/interop/portable.ts';
import type { Recognized } from '../../src/interop/recognized.ts';
import { LanguageModel } from '../../src/models/languageModel.ts';
import { RecurrentClassifier } from '../../src/models/recurrentClassifier.ts';
import { SequenceModel } from '../../src/models/sequenceModel.ts';
import { Tagger } from '../../src/models/tagger.ts';
import { writeVariables } from '../../src/models/weights.ts';
import { readRecord } from '../../src/runs/record.ts';
import { OpenedRun } from '../../src/worker/openedRun.ts';
import { importRun } from '../../src/worker/portable/importRun.ts';
import { errorWith } from '../harness/facts.ts';
import { prepareOrSkip } from '../harness/prepareOrSkip.ts';
import { temporaryFolder } from '../unit/runs/temporary.ts';

const run = promisify(execFile);
const TOLERANCE = 1e-5;
const ENVIRONMENT = { tensorflowPath: '', threads: 1, wideSimd: true };

/** What Keras computes with a model: see `kerasModels.py`. */
interface Expected {
  readonly title: string;
  readonly text: string;
  /** Ids, or vectors `[time][width]`. */
  readonly inputs: readonly number[] | readonly (readonly number[])[];
  /** Of each step, or of the sequence. */
  readonly outputs: readonly number[] | readonly (readonly number[])[];
  readonly hidden: readonly number[] | readonly (readonly number[])[];
  /** Whether the outputs are those of a softmax or a sigmoid. */
  readonly isProbability: boolean;
  /** Norms of the gradient of the last loss by the hidden state of each step. */
  readonly gradients?: readonly number[];
}

describe('models of Keras that are imported', function () {
  this.timeout(300_000);
  const home = temporaryFolder();
  let models = '';
  before(async function () {
    const python = await prepareOrSkip(this, ensureKeras);
    await backendNamed('wasm').load({ home: '', tensorflowPath: '', threads: 1 });
    models = join(await mkdtemp(join(tmpdir(), 'sequence-lab-test-')), 'models');
    await run(python, [join(root, 'test', 'fixtures', 'kerasModels.py'), models], {
      env: { ...process.env, ...KERAS_ENVIRONMENT },
    });
  });

  after(async () => rm(dirname(models), { recursive: true, force: true }));

  const each = async (visit: (expected: Expected, file: string) => Promise<void>) => {
    const folders = await readdir(models);
    assert.ok(folders.length >= 20);
    for (const folder of folders) {
      const path = join(models, folder);
      const expected = JSON.parse(await readFile(join(path, 'expected.json'), 'utf8')) as Expected;
      const file = (await readdir(path)).find((name) => name.startsWith('model.')) ?? '';
      await visit(expected, join(path, file));
    }
  };

  it('give the same outputs and hidden states at each step', async () => {
    const kinds = new Set<string>();
    await each(async (expected, file) => {
      const { shape, tensors } = await recognized(file, expected);
      kinds.add(`${file.slice(file.indexOf('.'))} ${shape.network} ${shape.inputKind}`);
      const { outputs, hidden } = computed(shape, tensors, expected);
      compare(outputs, expected.outputs, `${expected.title}, outputs`);
      compare(hidden, expected.hidden, `${expected.title}, hidden states`);
    });
    assert.ok(kinds.size >= 6, [...kinds].join());
  });

  it('give the gradient of the last loss by the hidden state of each step', async () => {
    let compared = 0;
    await each(async (expected, file) => {
      if (!expected.gradients) return;
      const backends = { ...ENVIRONMENT, home: home() };
      const request = { file, choices: choicesFor(expected), backends };
      const { folder, record } = await importRun({ ...request, out: join(home(), `run-${compared}`) }, new Date());
      assert.equal((await readRecord(folder)).state, record.state);
      const opened = await OpenedRun.open(folder, backends);
      const { layers } = await opened.probe(expected.text, 'zero');
      opened.dispose();
      const byLag = expected.gradients.toReversed();
      const curve = layers[0]?.lastStep.h ?? [];
      byLag.forEach((norm, lag) => {
        const relative = norm / (byLag[0] ?? 1);
        const own = curve[lag] ?? NaN;
        assert.ok(Math.abs(own - relative) <= 1e-4 * relative, `${expected.title}, lag ${lag}: ${own}, ${relative}`);
      });
      compared++;
    });
    assert.equal(compared, 3);
  });

  it('are refused with the name of the layer that is not known, or cannot be computed', async () => {
    const folder = join(dirname(models), 'refused');
    const files = await readdir(folder);
    assert.ok(files.length >= 8);
    for (const name of files) {
      const bytes = await readFile(join(folder, name));
      const file = { name, bytes, neighbor: () => Promise.resolve(undefined) };
      const layer = name.replace('.keras', '');
      await assert.rejects(
        importFormatOf(file).recognize({ ...file, name: 'opened' }, {}),
        errorWith({ name: 'UnusableError' }, layer),
        name,
      );
    }
  });
});

function choicesFor({ title }: Expected) {
  // Only the user can tell one-hot vectors from others.
  if (title.endsWith('one-hot')) return { kind: 'language-model' as const };
  if (title.startsWith('tagger')) return { kind: 'tagger' as const };
  if (!title.endsWith('weights alone')) return {};
  return {
    ...(title.includes('relu') && { activation: 'relu' as const }),
    ...(title.includes('maximum') && { pooling: 'max' as const }),
  };
}

async function recognized(path: string, expected: Expected): Promise<Recognized> {
  const file = { name: path, bytes: await readFile(path), neighbor: () => Promise.resolve(undefined) };
  return importFormatOf(file).recognize(file, choicesFor(expected));
}

/** What a network of ours computes with the weights, as Keras gives it: of each step, or of the sequence. */
function computed(
  shape: PortableShape,
  tensors: Recognized['tensors'],
  { inputs, isProbability, outputs }: Expected,
): { readonly outputs: unknown; readonly hidden: unknown } {
  const network = networkOf(shape);
  writeVariables(network.parameters, tensors);
  const isStepwise = Array.isArray(outputs[0]);
  const result = tf.tidy(() => {
    const time = inputs.length;
    const x =
      shape.inputKind === 'ids'
        ? tf.tensor2d(inputs as number[], [time, 1], 'int32')
        : tf.tensor3d((inputs as number[][]).flat(), [time, 1, shape.inputs]);
    const lengths = tf.tensor1d([time], 'int32');
    const recurrent = network instanceof RecurrentClassifier ? network.network : network;
    const { h, state } = recurrent.hiddenStates(x, recurrent.zeroState(1), { lengths });
    const steps = tf.squeeze<tf.Tensor2D>(h, [1]);
    const last = tf.squeeze<tf.Tensor1D>(recurrent.lastOutput(state), [0]);
    const logits =
      network instanceof RecurrentClassifier ? network.logits(x as tf.Tensor2D, lengths) : recurrent.outputsOf(h);
    const answers = isProbability ? tf.softmax(logits) : logits;
    const rows = tf.reshape(answers, [-1, shape.outputs]).arraySync() as number[][];
    const answer = isStepwise ? rows : (rows.at(-1) ?? []);
    return {
      // Keras has the probability of the second of two classes.
      outputs: outputs.length === 1 && !isStepwise ? answer.slice(1) : answer,
      hidden: isStepwise || shape.pooling !== 'last' ? steps.arraySync() : last.arraySync(),
    };
  });
  network.dispose();
  return result;
}

function networkOf(shape: PortableShape): LanguageModel | Tagger | RecurrentClassifier | SequenceModel {
  const { inputs, outputs, inputKind } = shape;
  const options = { ...shape, dropout: 0, vocabularySize: inputs };
  if (inputKind === 'vectors') return new SequenceModel({ ...options, outputKind: 'number' });
  if (shape.network === 'last-step') return new RecurrentClassifier({ ...options, classes: outputs });
  if (inputs === outputs && !shape.bidirectional) return new LanguageModel(options);
  return new Tagger({ ...options, tags: outputs });
}

function compare(own: unknown, other: unknown, title: string): void {
  const [a, b] = [own, other].map((value) => [value].flat(3) as number[]);
  assert.equal(a?.length, b?.length, title);
  b?.forEach((value, at) => {
    const difference = Math.abs((a?.[at] ?? NaN) - value);
    assert.ok(difference <= TOLERANCE * Math.max(1, Math.abs(value)), `${title}, ${at}: ${a?.[at]}, ${value}`);
  });
}
