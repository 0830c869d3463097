import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import * as tf from '@tensorflow/tfjs';
import { ensureOnnxExport } from '../../scripts/lib/onnxExport.ts';
import { root } from '../../scripts/lib/paths.ts';
import type { ImportedKind, RecognitionChoices } from '../../src/config/recognitionChoices.ts';
import { referenceBackend } from '../../src/backends/reference.ts';
import type { ModelFile } from '../../src/interop/importFormats.ts';
import { onnxFormat } from '../../src/interop/onnx/onnxFormat.ts';
import type { Recognized } from '../../src/interop/recognized.ts';
import { readRecord } from '../../src/runs/record.ts';
import { openStored } from '../../src/worker/openStored.ts';
import { importRun } from '../../src/worker/portable/importRun.ts';
import { loadTrainedModel } from '../../src/worker/trainedModel.ts';
import { networkOutputs } from '../fixtures/networkOutputs.ts';
import { prepareOrSkip } from '../harness/prepareOrSkip.ts';

const run = promisify(execFile);
const TOLERANCE = 1e-5;

/** What onnxruntime computes with a model: see `onnxModels.py`. */
interface Expected {
  readonly title: string;
  /** Ids `[batch][time]`, or vectors. */
  readonly inputs: readonly (readonly (number | readonly number[])[])[];
  /** `[batch][time][outputs]`, or `[batch][outputs]`. */
  readonly outputs: readonly unknown[];
  readonly network: string;
  readonly pooling: string;
  readonly end: 'none' | 'softmax' | 'log-softmax' | 'sigmoid';
  /** What the user has to say that a model of one-hot vectors is, and the ids of these vectors. */
  readonly kind?: ImportedKind;
  readonly ids?: readonly (readonly number[])[];
}

describe('models of ONNX that are imported', function () {
  this.timeout(600_000);
  let models = '';
  before(async function () {
    const python = await prepareOrSkip(this, ensureOnnxExport);
    await referenceBackend.load({ home: '', tensorflowPath: '', threads: 1 });
    models = join(await mkdtemp(join(tmpdir(), 'sequence-lab-test-')), 'models');
    await run(python, [join(root, 'test', 'fixtures', 'onnxModels.py'), models]);
  });

  after(async () => rm(dirname(models), { recursive: true, force: true }));

  it('compute the outputs of onnxruntime: models of both exporters of PyTorch, and graphs of other programs', async () => {
    const numbers = await readdir(models);
    assert.ok(numbers.length >= 34, String(numbers.length));
    for (const number of numbers) {
      const folder = join(models, number);
      const expected = JSON.parse(await readFile(join(folder, 'expected.json'), 'utf8')) as Expected;
      const { title, network, pooling, kind } = expected;
      const recognize = async (choices: RecognitionChoices) =>
        onnxFormat.recognize(await modelFile(folder), choices).catch((error: unknown) => {
          throw new Error(title, { cause: error });
        });
      if (kind !== undefined) {
        const { kind: own, kinds } = await recognize({});
        assert.ok(own !== kind && kinds.includes(kind), title);
      }
      const recognized = await recognize({ kind });
      assert.deepEqual([recognized.shape.network, recognized.shape.pooling], [network, pooling], title);
      assert.ok(recognized.found.length >= 4, title);
      const outputs = compared(recognized, expected);
      const wanted = (expected.outputs as number[][]).flat(2);
      assert.equal(outputs.length, wanted.length, title);
      const largest = Math.max(1, ...wanted.map(Math.abs));
      const difference = Math.max(...wanted.map((value, at) => Math.abs(value - (outputs[at] ?? NaN))));
      assert.ok(difference <= TOLERANCE * largest, `${title}: ${difference} of ${largest}`);
    }
  });

  it('are runs with the same probabilities: a language model and a classifier', async () => {
    const home = await mkdtemp(join(tmpdir(), 'sequence-lab-test-'));
    const tokens = Array.from('abcdefghi');
    let compared = 0;
    for (const number of await readdir(models)) {
      const folder = join(models, number);
      const expected = JSON.parse(await readFile(join(folder, 'expected.json'), 'utf8')) as Expected;
      if (!RUNS.has(expected.title)) continue;
      await writeFile(join(folder, 'vocabulary.json'), JSON.stringify(tokens));
      const backends = { tensorflowPath: '', threads: 1, wideSimd: true, home };
      const { folder: path } = await importRun({ file: join(folder, 'model.onnx'), choices: {}, backends }, new Date());
      const record = await readRecord(path);
      const ids = expected.inputs[0] as readonly number[];
      const content = ids.map((id) => tokens[id]).join('');
      const [wanted] = expected.outputs as readonly (readonly (readonly number[])[])[];
      if (expected.network === 'last-step') {
        const { classifier, dispose } = await openStored(path, record);
        const [answer] = (await classifier?.classify([content])) ?? [];
        assertClose(answer?.probabilities ?? [], softmax(wanted as unknown as readonly number[]), expected.title);
        dispose();
      } else {
        const { model, vocabulary } = await loadTrainedModel(path);
        const own = vocabulary.encode(content);
        const logits = tf.tidy(() =>
          model.outputsOf(model.hiddenStates(tf.tensor2d(own, [own.length, 1], 'int32'), model.zeroState(1)).h),
        );
        const rows = await logits.array();
        logits.dispose();
        model.dispose();
        const places = tokens.map((token) => vocabulary.tokens.indexOf(token));
        rows.forEach((row, t) => {
          const probabilities = softmax(row);
          assertClose(
            places.map((place) => probabilities[place] ?? NaN),
            softmax(wanted?.[t] ?? []),
            expected.title,
          );
        });
      }
      compared++;
    }
    assert.equal(compared, RUNS.size);
    await rm(home, { recursive: true, force: true });
  });
});

/** Models whose run is compared, too. */
const RUNS: ReadonlySet<string> = new Set([
  'PyTorch, language model, gru of two layers, time first, dynamo',
  'PyTorch, classifier, gru, mean',
]);

function softmax(logits: readonly number[]): number[] {
  const exponentials = logits.map(Math.exp);
  const total = exponentials.reduce((sum, value) => sum + value, 0);
  return exponentials.map((value) => value / total);
}

function assertClose(values: readonly number[], expected: readonly number[], title: string): void {
  assert.equal(values.length, expected.length, title);
  values.forEach((value, at) => assert.ok(Math.abs(value - (expected[at] ?? NaN)) < TOLERANCE, `${title}: ${value}`));
}

async function modelFile(folder: string): Promise<ModelFile> {
  const neighbor = async (name: string) => new Uint8Array(await readFile(join(folder, name)));
  return { name: 'model.onnx', bytes: await neighbor('model.onnx'), neighbor };
}

/** The outputs of an imported model as the graph returns them. */
function compared(recognized: Recognized, { inputs, ids, outputs, end }: Expected): readonly number[] {
  const hasSteps = Array.isArray((outputs[0] as readonly unknown[])[0]);
  const values = tf.tidy(() => {
    const logits = networkOutputs(recognized, ids ?? inputs);
    const [batch = 0, time = 0, size = 0] = logits.shape;
    // A language model may return its last step only.
    const given =
      logits.rank === 3 && !hasSteps
        ? tf.reshape(tf.slice(logits, [0, time - 1, 0], [batch, 1, size]), [batch, size])
        : logits;
    if (end === 'none') return given;
    if (end === 'log-softmax') return tf.logSoftmax(given);
    const probabilities = tf.softmax(given);
    return end === 'sigmoid' ? tf.slice(probabilities, [0, 1], [batch, 1]) : probabilities;
  });
  const list = Array.from(values.dataSync());
  values.dispose();
  return list;
}
