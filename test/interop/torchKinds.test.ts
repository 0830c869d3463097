import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as tf from '@tensorflow/tfjs';
import { ensureTorch } from '../../scripts/lib/torch.ts';
import { root } from '../../scripts/lib/paths.ts';
import type { ImportedKind } from '../../src/config/recognitionChoices.ts';
import { savedEncoderDecoder } from '../../src/models/savedModels.ts';
import { MarkedVocabulary } from '../../src/data/pairs/markedVocabulary.ts';
import { readRecord } from '../../src/runs/record.ts';
import { type ImportRequest, importRun, recognizeModel } from '../../src/worker/portable/importRun.ts';
import { openStored } from '../../src/worker/openStored.ts';
import { readModelFiles, readModelJson } from '../../src/worker/trainedModel.ts';
import { errorWith } from '../harness/facts.ts';
import { prepareOrSkip } from '../harness/prepareOrSkip.ts';

const run = promisify(execFile);
const TOLERANCE = 1e-5;

describe('models of PyTorch of other kinds that are imported', function () {
  this.timeout(300_000);
  let home = '';
  before(async function () {
    const python = await prepareOrSkip(this, ensureTorch);
    home = await mkdtemp(join(tmpdir(), 'torch-kinds-'));
    const fixtures = join(root, 'test', 'fixtures');
    await run(python, [join(fixtures, 'torchModels.py'), fixtures, join(home, 'models')]);
  });
  after(async () => home !== '' && rm(home, { recursive: true, force: true }));

  const backends = () => ({ home, tensorflowPath: '', wideSimd: false });
  const read = async <Expected>(folder: string): Promise<Expected> =>
    JSON.parse(await readFile(join(folder, 'expected.json'), 'utf8')) as Expected;
  const imported = async (folder: string, kind: ImportedKind | undefined, names: Partial<ImportRequest> = {}) => {
    const file = join(folder, 'model.pt');
    return (await importRun({ file, choices: { kind }, backends: backends(), ...names }, new Date())).folder;
  };
  const near = (actual: number | undefined, expected: number | undefined, place: string) =>
    assert.ok(Math.abs((actual ?? NaN) - (expected ?? NaN)) < TOLERANCE, `${place}: ${actual}, ${expected}`);

  it('tag each word as PyTorch does', async () => {
    const folder = join(home, 'kinds', 'tagger');
    for (const cell of await readdir(folder)) {
      const { text, probabilities } = await read<{ text: string; probabilities: number[][] }>(join(folder, cell));
      const labels = ['A', 'B', 'C'];
      const path = await imported(join(folder, cell), 'tagger', { labels });
      const { answer, dispose } = await openStored(path, await readRecord(path));
      const found = await answer?.(text, 3);
      assert.ok(found?.of === 'words');
      assert.equal(found.pieces.length, probabilities.length);
      found.pieces.forEach(({ top }, t) => {
        for (const { token, probability } of top) near(probability, probabilities[t]?.[labels.indexOf(token)], cell);
      });
      dispose();
    }
  });

  it('forecast the same numbers as PyTorch', async () => {
    const folder = join(home, 'kinds', 'forecaster');
    for (const cell of await readdir(folder)) {
      const { series, forecast } = await read<{ series: number[][]; forecast: number[] }>(join(folder, cell));
      const data = join(home, 'series.csv');
      await writeFile(data, ['a,b,c', ...series.map((row) => row.join(','))].join('\n'));
      const names = { columns: ['a', 'b', 'c'], targets: ['b'], window: 5 };
      const path = await imported(join(folder, cell), 'forecaster', names);
      const model = await openStored(path, await readRecord(path));
      const { points = [] } = (await model.forecast?.({ path: data, backTest: false })) ?? {};
      model.dispose();
      assert.deepEqual(
        points.map(({ column, ahead }) => [column, ahead]),
        [1, 2, 3, 4].map((ahead) => ['b', ahead]),
      );
      points.forEach(({ value }, step) => near(value, forecast[step], cell));
      // Columns are numbers without names, and the last one is forecast.
      const numbered = await imported(join(folder, cell), 'forecaster');
      assert.deepEqual((await readRecord(numbered)).config.task.name, 'forecasting');
    }
  });

  it('convert texts as PyTorch does', async () => {
    const folder = join(home, 'kinds', 'pair');
    for (const cell of await readdir(folder)) {
      const expected = await read<{
        text: string;
        written: string;
        ended: boolean;
        target: string[];
        logits: number[][];
        targets: string;
      }>(join(folder, cell));
      const path = await imported(join(folder, cell), undefined);
      const model = await openStored(path, await readRecord(path));
      const [written = ''] = (await model.translate?.([expected.text])) ?? [];
      assert.ok(expected.ended ? written === expected.written : written.startsWith(expected.written), cell);
      model.dispose();
      const network = savedEncoderDecoder.load(await readModelFiles(path));
      const [source, target] = await Promise.all(
        ['source', 'target'].map(async (side) =>
          MarkedVocabulary.fromJSON(await readModelJson(path, `${side}-vocabulary.json`)),
        ),
      );
      assert.ok(source && target);
      const ids = source.encode(expected.text);
      const targets = [MarkedVocabulary.startId, ...target.encode(expected.targets)];
      const logits = tf.tidy(() => {
        const encoded = network.encode(tf.tensor2d(ids, [ids.length, 1], 'int32'), Int32Array.of(ids.length));
        const { h } = network.decode(tf.tensor2d(targets, [targets.length, 1], 'int32'), encoded.state, encoded.memory);
        return network.logits(tf.squeeze<tf.Tensor2D>(h, [1]));
      });
      const rows = await logits.array();
      tf.dispose(logits);
      network.dispose();
      rows.forEach((row, t) =>
        expected.target.forEach((token, id) => {
          const own = token === '<sos>' ? 1 : token === '<eos>' ? 2 : target.tokens.indexOf(token);
          near(row[own], expected.logits[t]?.[id], `${cell}, step ${t}, ${token}`);
        }),
      );
    }
  });

  it('are refused with a sentence that names what does not fit', async () => {
    const tagger = join(home, 'kinds', 'tagger', 'GRU');
    const forecaster = join(home, 'kinds', 'forecaster', 'GRU');
    const pair = join(home, 'kinds', 'pair', 'GRU');
    const refused = (...facts: string[]) => errorWith({ name: 'UnusableError' }, ...facts);
    await assert.rejects(imported(tagger, 'tagger', { labels: ['A'] }), refused('1', '3'));
    await assert.rejects(imported(tagger, 'tagger', { labels: ['A', 'B', 'B'] }), refused('B'));
    await assert.rejects(imported(tagger, 'tagger', { columns: ['A'] }), refused('--columns'));
    await assert.rejects(imported(tagger, 'language-model'), errorWith({ name: 'UnusableError', option: 'kind' }));
    await assert.rejects(imported(forecaster, 'forecaster', { columns: ['a'] }), refused('1', '3'));
    await assert.rejects(
      imported(forecaster, 'forecaster', { targets: ['a', 'b', 'c'] }),
      errorWith({ name: 'UnusableError', option: 'targets' }),
    );
    await assert.rejects(imported(forecaster, 'forecaster', { vocabulary: 'x' }), refused('--vocabulary'));
    await assert.rejects(imported(tagger, 'sequence-to-sequence'), refused('encoder'));
    const vocabulary = join(pair, 'source-vocabulary.json');
    await assert.rejects(
      imported(pair, undefined, { targetVocabulary: vocabulary }),
      refused('source-vocabulary.json'),
    );
    const recognized = await recognizeModel({ file: join(pair, 'model.safetensors'), choices: {} });
    assert.ok(recognized.state === 'recognized' && recognized.kind === 'sequence-to-sequence');
    const { vocabulary: found } = recognized;
    assert.equal(found, vocabulary);
  });
});
