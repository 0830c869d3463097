import assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseRunConfig } from '../../../../src/config/parse.ts';
import type { RunConfigInput } from '../../../../src/config/schema.ts';
import { MANIFEST, withoutHash } from '../../../../src/runs/integrity.ts';
import { readRecord } from '../../../../src/runs/record.ts';
import { readReport } from '../../../../src/runs/report.ts';
import { trainedClassifier } from '../../../../src/worker/trainedClassifier.ts';
import { evaluate } from '../../../../src/worker/evaluate.ts';
import { Session } from '../../../../src/worker/session.ts';
import { temporaryFolder } from '../../runs/temporary.ts';
import { recorder } from '../fixture.ts';

/** Texts with two labels that differ in one word, or in a sign of it. */
const languages: Readonly<Record<string, readonly (readonly [text: string, label: string])[]>> = {
  'Hindi, by a vowel sign': [
    ['यह दिन है', 'day'],
    ['यह दान है', 'gift'],
  ],
  'Vietnamese, by tones': [
    ['con má tôi', 'mother'],
    ['con mạ tôi', 'seedling'],
  ],
  'Japanese, in sentences without spaces': [
    ['最高の接客でした店', 'good'],
    ['また行きたいと思います店', 'good'],
    ['最悪の接客でした店', 'bad'],
    ['二度と行きたくないです店', 'bad'],
  ],
  'Thai, in sentences without spaces': [
    ['อาหารอร่อยมากครับร้าน', 'good'],
    ['อาหารแย่มากครับร้าน', 'bad'],
  ],
};

describe('texts in other scripts', function () {
  this.timeout(120_000);
  const home = temporaryFolder();
  const backends = () => ({ home: home(), tensorflowPath: '', wideSimd: false });

  async function trained(name: string, text: string, config: RunConfigInput) {
    const file = join(home(), name);
    await writeFile(file, text);
    const events = recorder();
    const whole = parseRunConfig({
      backend: 'reference',
      sampling: { every: 0 },
      probes: { every: 0 },
      training: { batchSize: 16, steps: 60, validateEvery: 1000, checkpointEvery: 1000, learningRate: 0.03 },
      ...config,
      model: { units: 8, embedding: 8, ...config.model },
    });
    const session = await Session.start(
      { config: whole, source: { kind: 'file', path: file }, backends: backends() },
      events.emit,
    );
    await session.train();
    return { session, events, file };
  }

  for (const [name, kinds] of Object.entries(languages)) {
    it(`are classified: ${name}`, async () => {
      const rows = Array.from({ length: 120 }, (_, at) => {
        const [text = '', label = ''] = kinds[(at * 7) % kinds.length] ?? [];
        return `${text} ${at}\t${label}\n`;
      });
      const { events } = await trained('a.tsv', `text\tlabel\n${rows.join('')}`, { task: { name: 'classification' } });
      assert.equal(events.of('validation').at(-1)?.scores?.['accuracy'], 1);
    });
  }

  it('are read by the rules of the run, and of a run of an earlier version by those of its version', async () => {
    const rows = Array.from({ length: 40 }, (_, at) => `${at % 2 === 0 ? 'दिन' : 'दान'} ${at}\t${at % 2}\n`).join('');
    const config: RunConfigInput = {
      task: { name: 'classification', wordRules: 'english', minimumCount: 1 },
      data: { split: 'random' },
      model: { family: 'naive-bayes' },
    };
    const { session } = await trained('b.tsv', rows, config);
    const texts = ['दिन', 'दान'];
    const answers = async () => {
      const classifier = await trainedClassifier(session.folder);
      const found = await classifier.classify(texts);
      classifier.dispose();
      return found.map(({ probabilities }) => probabilities);
    };
    const [before, record] = [await answers(), await readRecord(session.folder)];
    assert.deepEqual(before[0], before[1], 'these rules drop the vowel signs');
    // A run of an earlier version has no hashes.
    await rm(join(session.folder, 'model', MANIFEST));
    await without(join(session.folder, 'model', 'task.json'), ['wordRules', 'lowerCase', 'stripAccents']);
    const path = join(session.folder, 'run.json');
    await writeFile(path, withoutHash(await readFile(path, 'utf8'), path));
    await without(path, ['wordRules', 'lowerCase', 'stripAccents', 'groupColumn', 'split']);
    assert.deepEqual(await answers(), before);
    assert.deepEqual(await readRecord(session.folder), record);
  });

  it('with entities have their scores by type in the report and in an evaluation', async () => {
    const sentences = Array.from({ length: 40 }, (_, at) =>
      at % 2 === 0 ? 'Ada\tI-PER\nleft\tO\n' : 'New\tI-LOC\nTurin\tI-LOC\nslept\tO\n',
    );
    const { session, file } = await trained(
      'c.conll',
      sentences.map((sentence, at) => `${sentence}x${at}\tO\n`).join('\n'),
      { task: { name: 'tagging' } },
    );
    const report = await readReport(session.folder);
    assert.deepEqual(
      report?.blocks.map(({ kind }) => kind),
      ['confusion', 'table', 'table'],
    );
    const { measures } = await evaluate(session.folder, file, {}, backends());
    assert.equal(measures['tagScheme'], 'IO');
    assert.equal(measures['strictEntityF1'], 1);
    assert.deepEqual(measures['entityTypes'], [
      { type: 'LOC', precision: 1, recall: 1, f1: 1, support: 20 },
      { type: 'PER', precision: 1, recall: 1, f1: 1, support: 20 },
    ]);
  });
});

/** Removes keys at any depth from a JSON file. */
async function without(file: string, keys: readonly string[]): Promise<void> {
  const text = await readFile(file, 'utf8');
  await writeFile(
    file,
    JSON.stringify(JSON.parse(text, (key, value: unknown) => (keys.includes(key) ? undefined : value))),
  );
}
