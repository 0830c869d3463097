import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseRunConfig } from '../../../../src/config/parse.ts';
import type { RunConfigInput } from '../../../../src/config/schema.ts';
import { inspectDataSet } from '../../../../src/data/inspect/inspectDataSet.ts';
import { describeJointLabels } from '../../../../src/data/labeled/labelSets.ts';
import { trainingFor } from '../../../../src/protocol/trainingFor.ts';
import { say } from '../../../../src/phrases/phrase.ts';
import { readReport } from '../../../../src/runs/report.ts';
import { trainedClassifier } from '../../../../src/worker/trainedClassifier.ts';
import { evaluate } from '../../../../src/worker/evaluate.ts';
import { Session } from '../../../../src/worker/session.ts';
import { assertNames } from '../../../harness/facts.ts';
import { temporaryFolder } from '../../runs/temporary.ts';
import { recorder } from '../fixture.ts';

/** Texts with a label for each of their words that has one, and some without a label. */
const texts = Array.from({ length: 120 }, (_, at) => {
  const labels = [at % 2 === 0 ? 'warm' : '', at % 3 === 0 ? 'loud' : ''].filter((label) => label !== '');
  return { text: `a ${at % 2 === 0 ? 'sunny' : 'snowy'} and ${at % 3 === 0 ? 'noisy' : 'silent'} day ${at}`, labels };
});
const table = `text\tlabels\n${texts.map(({ text, labels }) => `${text}\t${labels.join(',')}\n`).join('')}`;
const fastText = texts
  .filter(({ labels }) => labels.length > 0)
  .map(({ text, labels }) => `${labels.map((label) => `__label__${label} `).join('')}${text}\n`)
  .join('');

describe('classification with several labels', function () {
  this.timeout(120_000);
  const home = temporaryFolder();
  const backends = () => ({ home: home(), tensorflowPath: '', wideSimd: false });

  async function start(name: string, content: string, config: RunConfigInput) {
    const file = join(home(), name);
    await writeFile(file, content);
    const events = recorder();
    const whole = parseRunConfig({
      backend: 'reference',
      sampling: { every: 0 },
      probes: { every: 0 },
      training: { batchSize: 16, steps: 60, validateEvery: 60, checkpointEvery: 1000, learningRate: 0.03 },
      ...config,
      model: { units: 8, embedding: 8, ...config.model },
    });
    const source = { kind: 'file', path: file } as const;
    const session = await Session.start({ config: whole, source, backends: backends() }, events.emit);
    return { session, events, file };
  }

  for (const { name, content, separator, model } of [
    { name: 'table.tsv', content: table, separator: ',', model: {} },
    { name: 'fast.txt', content: fastText, separator: ' ', model: { pooling: 'max' } },
    { name: 'table.tsv', content: table, separator: ',', model: { family: 'convolutional', filters: 6 } },
  ] as const) {
    it(`learns each label by itself: ${name}, ${'family' in model ? model.family : 'recurrent'}`, async () => {
      const { session, events, file } = await start(name, content, {
        task: { name: 'classification', labelSeparator: separator },
        probes: { every: 30 },
        model,
      });
      await session.train();
      const { scores } = events.of('validation').at(-1) ?? {};
      assert.deepEqual(Object.keys(scores ?? {}).sort(), ['auc', 'exactMatch', 'macroF1', 'microF1']);
      assert.ok((scores?.['microF1'] ?? 0) > 0.95 && (scores?.['auc'] ?? 0) > 0.95, JSON.stringify(scores));
      assert.deepEqual(
        (await readReport(session.folder))?.blocks.map(({ kind }) => kind),
        ['table', 'table'],
      );

      const { measures } = await evaluate(session.folder, file, {}, backends());
      assert.deepEqual(measures['labels'], ['loud', 'warm']);
      assert.ok(Number(measures['microF1']) > 0.95 && Number(measures['exactMatch']) > 0.95);

      const classifier = await trainedClassifier(session.folder);
      const found = await classifier.classify([
        'a sunny and noisy day',
        'a snowy and noisy day',
        'a sunny and silent day',
      ]);
      assert.deepEqual(
        found.map(({ label }) => label),
        ['loud, warm', 'loud', 'warm'],
      );
      const explained = await classifier.explain('a sunny and noisy day');
      assert.ok(explained.words.every(({ contribution }) => Number.isFinite(contribution)));
      classifier.dispose();
    });
  }

  it('is proposed by an inspection, and by a run that takes all labels of a text for one', async () => {
    const source = { kind: 'text', name: 'table.tsv', text: table } as const;
    const inspected = await inspectDataSet(source, { validationShare: 0.1, seed: 1 });
    assert.deepEqual([inspected.items, inspected.labelCount, inspected.labelSeparator], [120, 2, ',']);
    const { task } = trainingFor(inspected, parseRunConfig({}));
    assert.ok(task.name === 'classification' && task.labelSeparator === ',');
    const { events } = await start('joint.tsv', table, { task: { name: 'classification' } });
    const { notices } = events.of('start')[0] ?? {};
    const notice = notices?.find((each) => JSON.stringify(each).includes('task.labelSeparator'));
    assertNames(notice, 'loud', '","');
    // One distinct cell has both of the two labels.
    const described = describeJointLabels(['warm,loud'], ',');
    for (const told of [notice, inspected.notes.find((each) => JSON.stringify(each).includes('task.labelSeparator'))])
      assert.ok(told !== undefined && say(told).startsWith(say(described)), JSON.stringify(told));
  });

  it('is proposed with another model by a run whose model gives each text one class', async () => {
    const { events } = await start('bayes.tsv', table, {
      task: { name: 'classification' },
      model: { family: 'naive-bayes' },
    });
    const { notices } = events.of('start')[0] ?? {};
    const notice = notices?.find((each) => JSON.stringify(each).includes('task.labelSeparator'));
    assertNames(notice, 'model.family', '","');
  });

  it('reads the same texts in a run as an inspection does', async () => {
    const source = { kind: 'text', name: 'fast.txt', text: fastText } as const;
    const inspected = await inspectDataSet(source, { validationShare: 0.1, seed: 1 });
    const { events } = await start('fast.txt', fastText, {
      task: { name: 'classification', labelSeparator: inspected.labelSeparator ?? '' },
    });
    const [facts] = events.of('start')[0]?.facts ?? [];
    assertNames(facts, inspected.parts.train, inspected.parts.validation);
  });
});
