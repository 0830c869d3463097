import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as tf from '@tensorflow/tfjs';
import { root } from '../../scripts/lib/paths.ts';
import { ensureTokenizers } from '../../scripts/lib/tokenizers.ts';
import { ensureTorch } from '../../scripts/lib/torch.ts';
import { parseRunConfig } from '../../src/config/parse.ts';
import { defaultDrawing } from '../../src/config/drawing.ts';
import { TokenizerVocabulary } from '../../src/data/tokenizers/tokenizerVocabulary.ts';
import { Generator } from '../../src/random/generator.ts';
import { readRecord } from '../../src/runs/record.ts';
import { checkModel, openStored } from '../../src/worker/openStored.ts';
import { importRun } from '../../src/worker/portable/importRun.ts';
import { Session } from '../../src/worker/session.ts';
import { loadTrainedModel } from '../../src/worker/trainedModel.ts';
import { errorWith } from '../harness/facts.ts';
import { prepareOrSkip } from '../harness/prepareOrSkip.ts';

const run = promisify(execFile);
const TOLERANCE = 1e-5;
/** A text with spaces, line breaks, accents and emoji. */
const TEXT = "the sea and  the gull,\nit's a cafe\u0301 海 😀 cat";
const CORPUS = [
  'The sea and the gull; the cat sat on the mat.',
  'Über den Straßen, café',
  '海は広い。 😀 emoji',
  "it's raining\n\nnow",
];
/** Tokenizers that a language model reads; those that lose nothing write the text again. */
const WHOLE = ['gpt2', 'files', 'unigram_bytes', 'llama'];

interface Expected {
  readonly logits: readonly (readonly number[])[];
  readonly probabilities: readonly number[];
}

describe('models of PyTorch that read the tokens of a tokenizer', function () {
  this.timeout(300_000);
  let home = '';
  let names: string[] = [];
  before(async function () {
    const [tokenizers, torch] = [await prepareOrSkip(this, ensureTokenizers), await prepareOrSkip(this, ensureTorch)];
    home = await mkdtemp(join(tmpdir(), 'token-models-'));
    const [trained, models] = [join(home, 'trained'), join(home, 'models')];
    await mkdir(trained);
    await writeFile(join(home, 'request.json'), JSON.stringify({ corpus: CORPUS, texts: [TEXT] }));
    const script = (name: string) => join(root, 'test', 'fixtures', name);
    await run(tokenizers, [script('tokenizerFiles.py'), join(home, 'request.json'), trained]);
    for (const file of await readdir(trained)) {
      if (!file.endsWith('.expected.json')) continue;
      const name = file.replace('.expected.json', '');
      const { size, ids } = JSON.parse(await readFile(join(trained, file), 'utf8')) as {
        size: number;
        ids: number[][];
      };
      const folders = name === 'gpt2' ? [name, 'files'] : [name];
      for (const each of folders) {
        const folder = join(models, each);
        await mkdir(folder, { recursive: true });
        await writeFile(join(folder, 'request.json'), JSON.stringify({ size, ids: ids[0] }));
        if (each !== 'files') await copyFile(join(trained, `${name}.json`), join(folder, 'tokenizer.json'));
        else
          for (const part of ['vocab.json', 'merges.txt'])
            await copyFile(join(trained, 'files', part), join(folder, part));
        names.push(each);
      }
    }
    await run(torch, [script('tokenModels.py'), models]);
    names = names.sort();
    assert.ok(names.length >= 13);
  });
  after(async () => home !== '' && rm(home, { recursive: true, force: true }));

  const backends = () => ({ home, tensorflowPath: '', wideSimd: false });
  const importedAs = async (name: string, weights: string) => {
    const file = join(home, 'models', name, weights);
    const { folder } = await importRun({ file, choices: {}, backends: backends() }, new Date());
    return folder;
  };
  const expectedOf = async (name: string) =>
    JSON.parse(await readFile(join(home, 'models', name, 'expected.json'), 'utf8')) as Expected;

  it('give the same logits for a text, and write it again', async () => {
    for (const name of names) {
      const folder = await importedAs(name, 'model.pt');
      assert.ok(await checkModel(folder));
      const { model, vocabulary } = await loadTrainedModel(folder);
      assert.ok(vocabulary instanceof TokenizerVocabulary);
      const { logits: expected } = await expectedOf(name);
      const { ids, offsets, tokens } = vocabulary.tokenize(TEXT);
      const logits = tf.tidy(() => {
        const { h } = model.hiddenStates(tf.tensor2d(ids, [ids.length, 1], 'int32'), model.zeroState(1));
        return model.outputsOf(h);
      });
      const rows = await logits.array();
      logits.dispose();
      assert.equal(rows.length, expected.length, name);
      rows.forEach((row, t) =>
        vocabulary.order.forEach((own, id) => {
          if (own < 0) return;
          const difference = Math.abs((row[id] ?? NaN) - (expected[t]?.[own] ?? NaN));
          assert.ok(difference < TOLERANCE, `${name}, step ${t}, token ${own}: ${difference}`);
        }),
      );
      assert.ok(offsets.every((offset, at) => offset >= (offsets[at - 1] ?? 0) && offset <= TEXT.length));
      assert.equal(tokens.length, ids.length);
      if (WHOLE.includes(name)) assert.equal(vocabulary.decode(ids).normalize('NFC'), TEXT.normalize('NFC'), name);
      model.dispose();
    }
  });

  it('read, evaluate and write texts', async () => {
    const file = join(home, 'text.txt');
    await writeFile(file, `${TEXT}\n${TEXT}\n`);
    for (const name of names) {
      const folder = await importedAs(name, 'model.pt');
      const record = await readRecord(folder);
      const model = await openStored(folder, record);
      const { measures } = (await model.evaluate?.(file, {})) ?? {};
      assert.ok(Number(measures?.['lossNats']) > 0, name);
      const options = {
        ...defaultDrawing,
        prompt: 'the sea',
        length: 30,
        label: null,
        generator: Generator.forPurpose(1, 'test'),
      };
      const written: string[] = [];
      for await (const { text } of model.writer!.write(options)) written.push(text);
      assert.equal(written.length, 30);
      const [best] =
        (await model.writer!.beam!({
          prompt: 'the',
          length: 3,
          width: 2,
          isOver: async () => Promise.resolve(false),
        })) ?? [];
      assert.ok(best && Number.isFinite(best.logProbability));
      assert.equal(model.reading?.outputs.length, model.writer?.tokens.length);
      model.dispose();
    }
  });

  it('give the same classes', async () => {
    for (const name of names) {
      const folder = await importedAs(name, 'classifier.pt');
      const { classifier, reading, dispose } = await openStored(folder, await readRecord(folder));
      const [answer] = (await classifier?.classify([TEXT])) ?? [];
      const { probabilities } = await expectedOf(name);
      probabilities.forEach((probability, label) =>
        assert.ok(Math.abs((answer?.probabilities[label] ?? NaN) - probability) < TOLERANCE, name),
      );
      const { words } = (await classifier?.explain('the sea 海')) ?? { words: [] };
      assert.ok(words.length > 0 && reading);
      dispose();
    }
  });

  it('are trained further with their tokens, and are resumed', async () => {
    const labeled = Array.from(
      { length: 40 },
      (_, row) => `${row % 2 ? 'the sea' : 'a cat'} ${row}\t${row % 2 ? 'x' : 'y'}`,
    );
    const text = Array.from({ length: 80 }, (_, row) => `the sea and the gull ${row % 5}, it's 海 😀.\n`).join('');
    const cases = [
      { weights: 'model.pt', task: 'language-model', data: text, file: 'text.txt' },
      { weights: 'model.pt', task: 'classification', data: labeled.join('\n'), file: 'labels.tsv' },
      { weights: 'classifier.pt', task: 'classification', data: labeled.join('\n'), file: 'labels.tsv' },
    ] as const;
    for (const { weights, task, data, file } of cases) {
      const from = await importedAs('gpt2', weights);
      const { model } = (await readRecord(from)).config;
      const config = parseRunConfig({
        backend: 'wasm',
        task: { name: task, tokens: 'subword' },
        model,
        data: { sequenceLength: 12 },
        training: { steps: 4, validateEvery: 2, checkpointEvery: 2, batchSize: 4 },
        sampling: { every: 0 },
        probes: { every: 0 },
      });
      const source = { kind: 'text', text: data, name: file } as const;
      const request = { config, source, backends: backends() };
      await assert.rejects(
        Session.start(request, () => undefined),
        errorWith({ name: 'ConfigError' }, 'task.tokens'),
      );
      const initial = { folder: from, extend: true };
      const session = await Session.start({ ...request, initial }, () => undefined);
      await session.train();
      const resumed = await Session.resume(
        { folder: session.folder, changes: { steps: 6 }, backends: backends() },
        () => undefined,
      );
      await resumed.train();
      const before = await openStored(from, await readRecord(from));
      const after = await openStored(session.folder, await readRecord(session.folder));
      assert.deepEqual(after.reading?.encode(TEXT), before.reading?.encode(TEXT));
      before.dispose();
      after.dispose();
    }
  });

  it('are refused with a vocabulary of another size, and a tokenizer that is not known', async () => {
    const file = join(home, 'models', 'bert', 'model.pt');
    const refused = (...facts: string[]) => errorWith({ name: 'UnusableError' }, ...facts);
    const importWith = async (vocabulary: string) =>
      importRun({ file, vocabulary, choices: {}, backends: backends() }, new Date());
    await assert.rejects(importWith(join(home, 'models', 'words', 'tokenizer.json')), refused('tokenizer.json'));
    const known = JSON.parse(await readFile(join(home, 'models', 'bert', 'tokenizer.json'), 'utf8')) as object;
    const changed = async (part: object) => {
      const path = join(home, 'changed.json');
      await writeFile(path, JSON.stringify({ ...known, ...part }));
      return importWith(path);
    };
    await assert.rejects(
      changed({ normalizer: { type: 'Precompiled', precompiled_charsmap: '' } }),
      refused('Precompiled'),
    );
    await assert.rejects(changed({ pre_tokenizer: { type: 'UnicodeScripts' } }), refused('UnicodeScripts'));
    await assert.rejects(changed({ decoder: { type: 'CTC' } }), refused('CTC'));
    await assert.rejects(changed({ model: { type: 'Other' } }), refused('Other'));
    const pattern = { Regex: '(a+)+$' };
    const split = { type: 'Split', pattern, behavior: 'Isolated', invert: false };
    await assert.rejects(changed({ pre_tokenizer: split }), refused('(a+)+$'));
  });
});
