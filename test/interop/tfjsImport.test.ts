import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import * as tf from '@tensorflow/tfjs';
import { root } from '../../scripts/lib/paths.ts';
import type { LanguageModel } from '../../src/models/languageModel.ts';
import { readRecord } from '../../src/runs/record.ts';
import { OpenedRun } from '../../src/worker/openedRun.ts';
import { openStored } from '../../src/worker/openStored.ts';
import { importRun, recognizeModel } from '../../src/worker/portable/importRun.ts';
import { loadTrainedModel } from '../../src/worker/trainedModel.ts';
import { errorWith } from '../harness/facts.ts';
import { openInStock } from '../harness/stockModel.ts';
import { temporaryFolder } from '../unit/runs/temporary.ts';

const run = promisify(execFile);
const TOLERANCE = 1e-5;
const ENVIRONMENT = { tensorflowPath: '', threads: 1, wideSimd: true };

/** What TensorFlow.js computes with a model: see `tfjsModels.mjs`. */
interface Expected {
  readonly title: string;
  readonly text: string;
  /** Of a language model. */
  readonly tokens?: readonly string[];
  /** Probabilities: of each step, or after the last one. */
  readonly answers: readonly number[] | readonly (readonly number[])[];
  /** Hidden states of the last layer: of each step, or after the last one. */
  readonly hidden?: readonly number[] | readonly (readonly number[])[];
  /** Norms of the gradient of the last loss by the hidden state of each step. */
  readonly gradients?: readonly number[];
  readonly gradientText?: string;
}

interface Manifest {
  paths: string[];
  weights: { name: string; shape: number[]; dtype: string; quantization?: object }[];
}

interface ModelJson {
  format?: string;
  modelTopology: { class_name: string; config: { layers: { class_name: string; config: Record<string, unknown> }[] } };
  weightsManifest: Manifest[];
}

/** Only the user can tell one-hot vectors from others. */
function choicesFor({ title }: Expected) {
  if (!title.includes('one-hot')) return {};
  return { kind: title.startsWith('language model') ? ('language-model' as const) : ('classifier' as const) };
}

describe('models of TensorFlow.js that are imported', function () {
  this.timeout(300_000);
  const home = temporaryFolder();
  let built = '';
  let numbers: string[] = [];

  const imported = async (folder: string) => {
    const backends = { ...ENVIRONMENT, home: home() };
    const out = join(home(), `run-${basename(folder)}`);
    const { folder: path, found } = await importRun(
      { file: join(folder, 'model.json'), choices: choicesFor(await expectedOf(folder)), backends, out },
      new Date(),
    );
    return { path, found, expected: await expectedOf(folder) };
  };
  const expectedOf = async (folder: string) =>
    JSON.parse(await readFile(join(folder, 'expected.json'), 'utf8')) as Expected;

  /** A copy of a model, whose `model.json` is changed. */
  const changed = async (number: string, name: string, change: (json: ModelJson) => object) => {
    const folder = join(home(), name);
    await cp(join(built, number), folder, { recursive: true });
    const path = join(folder, 'model.json');
    await writeFile(path, JSON.stringify(change(JSON.parse(await readFile(path, 'utf8')) as ModelJson)));
    return folder;
  };

  before(async () => {
    built = await mkdtemp(join(tmpdir(), 'sequence-lab-test-'));
    await run(process.execPath, [join(root, 'test', 'fixtures', 'tfjsModels.mjs'), built]);
    numbers = await readdir(built);
  });

  after(async () => rm(built, { recursive: true, force: true }));

  /** Compares all that TensorFlow.js computes. */
  async function compare(path: string, expected: Expected, tolerance = TOLERANCE): Promise<void> {
    const record = await readRecord(path);
    assert.equal(record.state, 'imported');
    const close = (own: number | undefined, other: number | undefined, place: string) =>
      assert.ok(Math.abs((own ?? NaN) - (other ?? NaN)) < tolerance, `${expected.title}, ${place}: ${own}, ${other}`);
    if (!expected.tokens) {
      const { classifier, dispose } = await openStored(path, record);
      const [answer] = (await classifier?.classify([expected.text])) ?? [];
      const [only] = expected.answers as number[];
      const probabilities =
        expected.answers.length === 1 && only !== undefined ? [1 - only, only] : (expected.answers as number[]);
      assert.equal(answer?.probabilities.length, probabilities.length, expected.title);
      probabilities.forEach((value, label) => close(answer.probabilities[label], value, `label ${label}`));
      dispose();
      return;
    }
    const { model, vocabulary } = await loadTrainedModel(path);
    const { probabilities, states } = await statesOf(model, vocabulary.encode(expected.text));
    const byStep = <T>(values: readonly T[] | readonly (readonly T[])[] = []) =>
      (Array.isArray(values[0]) ? values : [values]) as readonly (readonly T[])[];
    const first = probabilities.length - byStep(expected.answers).length;
    byStep(expected.answers).forEach((row, t) =>
      row.forEach((value, id) => {
        const token = vocabulary.tokens.indexOf(expected.tokens?.[id] ?? '');
        close(probabilities[first + t]?.[token], value, `step ${first + t}, token ${id}`);
      }),
    );
    byStep(expected.hidden).forEach((row, t) =>
      row.forEach((value, unit) => close(states[first + t]?.[unit], value, `step ${first + t}, unit ${unit}`)),
    );
    model.dispose();
  }

  it('give the same probabilities and hidden states at each step, and the same classes', async () => {
    assert.ok(numbers.length >= 8);
    for (const number of numbers) {
      const { path, expected } = await imported(join(built, number));
      await compare(path, expected);
    }
  });

  it('tell their structure, so that nothing is left to choose', async () => {
    for (const number of numbers) {
      const file = join(built, number, 'model.json');
      const expected = await expectedOf(join(built, number));
      const { title, answers } = expected;
      const recognition = await recognizeModel({ file, choices: choicesFor(expected) });
      assert.ok(recognition.state === 'recognized' && recognition.isComplete && !recognition.isExported, title);
      assert.equal(recognition.kind === 'language-model', title.startsWith('language model'));
      assert.ok(title.includes(recognition.cell), title);
      const last = answers.at(-1);
      const outputs = Array.isArray(last) ? last.length : answers.length;
      assert.equal(recognition.outputs, Math.max(2, outputs), title);
      assert.equal(recognition.vocabulary, join(built, number, 'vocabulary.json'));
      await assert.rejects(
        recognizeModel({ file, choices: { pooling: 'mean' } }),
        errorWith({ name: 'UnusableError' }, 'model.json'),
      );
    }
  });

  it('give the gradient of the last loss by the hidden state of each step', async () => {
    let compared = 0;
    for (const number of numbers) {
      const expected = await expectedOf(join(built, number));
      if (!expected.gradients) continue;
      const { path } = await imported(join(built, number));
      const opened = await OpenedRun.open(path, { ...ENVIRONMENT, home: home() });
      const { layers } = await opened.probe(expected.gradientText ?? '', 'zero');
      opened.dispose();
      const byLag = expected.gradients.toReversed();
      byLag.forEach((norm, lag) => {
        const relative = norm / (byLag[0] ?? 1);
        const own = layers[0]?.lastStep.h[lag] ?? NaN;
        assert.ok(Math.abs(own - relative) <= 1e-4 * relative, `${expected.title}, lag ${lag}: ${own}, ${relative}`);
      });
      compared++;
    }
    assert.ok(compared >= 2);
  });

  it('are read as tensorflowjs_converter writes them, with names of cells and in several files', async () => {
    for (const number of numbers) {
      const folder = await changed(number, `converted-${number}`, (json) => {
        const { modelTopology, weightsManifest } = json;
        const [group] = weightsManifest;
        const paths = group?.paths.length === 1 ? ['group1-shard1of2.bin', 'group1-shard2of2.bin'] : [];
        const weights = group?.weights.map((weight) => {
          const parts = weight.name.split('/');
          const isCell = /lstm|gru|simple_rnn/i.test(weight.name);
          return { ...weight, name: isCell ? parts.toSpliced(-1, 0, 'the_cell').join('/') : weight.name };
        });
        return {
          format: 'layers-model',
          generatedBy: 'keras v2.15.0',
          convertedBy: 'TensorFlow.js Converter v4.22.0',
          modelTopology: { keras_version: '2.15.0', backend: 'tensorflow', model_config: modelTopology },
          weightsManifest: [{ paths, weights }],
        };
      });
      const bytes = await readFile(join(folder, 'model.weights.bin'));
      // The cut is inside of a number.
      await writeFile(join(folder, 'group1-shard1of2.bin'), bytes.subarray(0, 101));
      await writeFile(join(folder, 'group1-shard2of2.bin'), bytes.subarray(101));
      // TensorFlow.js takes it for a file of the converter, too.
      const json = await readFile(join(folder, 'model.json'), 'utf8');
      (await openInStock({ 'model.json': json, 'weights.bin': bytes })).dispose();
      const { path, expected } = await imported(folder);
      await compare(path, expected);
    }
  });

  it('are read with quantized values, as near as their steps', async () => {
    const [number = ''] = numbers;
    const bytes = await readFile(join(built, number, 'model.weights.bin'));
    const values = new Float32Array(Uint8Array.from(bytes).buffer);
    const [least, most] = [Math.min(...values), Math.max(...values)];
    for (const [dtype, steps] of [
      ['uint8', 255],
      ['uint16', 65535],
    ] as const) {
      const scale = (most - least) / steps;
      const folder = await changed(number, dtype, (json) => {
        for (const weight of json.weightsManifest[0]?.weights ?? [])
          weight.quantization = { dtype, scale, min: least, original_dtype: 'float32' };
        return json;
      });
      const quantized = Array.from(values, (value) => Math.round((value - least) / scale));
      const stored = dtype === 'uint8' ? Uint8Array.from(quantized) : Uint16Array.from(quantized);
      await writeFile(join(folder, 'model.weights.bin'), new Uint8Array(stored.buffer));
      const { path, expected } = await imported(folder);
      await compare(path, expected, 20 * scale);
    }
    const folder = await changed(number, 'float16', (json) => {
      for (const weight of json.weightsManifest[0]?.weights ?? []) weight.quantization = { dtype: 'float16' };
      return json;
    });
    await writeFile(join(folder, 'model.weights.bin'), new Uint8Array(halves(values).buffer));
    const { path, expected } = await imported(folder);
    await compare(path, expected, 0.01);
  });

  it('are refused by name: options and layers that are not computed here', async () => {
    const cases: Readonly<Record<string, readonly [Record<string, unknown>, ...facts: string[]]>> = {
      hard: [{ recurrent_activation: 'hard_sigmoid' }, 'lstm_LSTM1', 'hard_sigmoid'],
      missing: [{ recurrent_activation: undefined }, 'lstm_LSTM1', 'hard_sigmoid'],
      backwards: [{ go_backwards: true }, 'lstm_LSTM1', 'go_backwards'],
      activation: [{ activation: 'elu' }, 'lstm_LSTM1', 'elu'],
      last: [{ units: 6 }, 'lstm_LSTM1'],
    };
    for (const [name, [options, ...facts]] of Object.entries(cases)) {
      const folder = await changed('0', name, (json) => {
        const layer = json.modelTopology.config.layers[1];
        if (layer) layer.config = { ...layer.config, ...options };
        return json;
      });
      await assert.rejects(imported(folder), errorWith({ name: 'UnusableError' }, 'model.json', ...facts), name);
    }
    const unknown = await changed('0', 'unknown', (json) => {
      json.modelTopology.config.layers.splice(2, 0, { class_name: 'Lambda', config: { name: 'evil' } });
      return json;
    });
    await assert.rejects(imported(unknown), errorWith({ name: 'UnusableError' }, 'evil', 'Lambda'));
    const graph = await changed('0', 'graph', (json) => ({ ...json, format: 'graph-model' }));
    await assert.rejects(imported(graph), errorWith({ name: 'UnusableError' }, 'tfjs_layers_model'));
  });
});

/** Numbers in IEEE 754 binary16, without rounding. */
function halves(values: Float32Array): Uint16Array {
  return Uint16Array.from(values, (value) => {
    const bits = new Uint32Array(Float32Array.of(value).buffer)[0] ?? 0;
    const exponent = ((bits >> 23) & 0xff) - 112;
    return exponent <= 0 ? 0 : ((bits >> 16) & 0x8000) | (exponent << 10) | ((bits >> 13) & 0x3ff);
  });
}

/** Probabilities and hidden states of the last layer at each step of a text. */
async function statesOf(
  model: LanguageModel,
  ids: Int32Array,
): Promise<{ readonly probabilities: readonly number[][]; readonly states: readonly number[][] }> {
  const { h, probabilities } = tf.tidy(() => {
    const x = tf.tensor2d(ids, [ids.length, 1], 'int32');
    const { h } = model.hiddenStates(x, model.zeroState(1));
    return { h: tf.squeeze<tf.Tensor2D>(h, [1]), probabilities: tf.softmax(model.outputsOf(h)) };
  });
  const lists = { probabilities: await probabilities.array(), states: await h.array() };
  tf.dispose([h, probabilities]);
  return lists;
}
