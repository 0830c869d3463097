import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseRunConfig } from '../../../src/config/parse.ts';
import type { RunConfigInput } from '../../../src/config/schema.ts';
import type { StartRequest } from '../../../src/protocol/trainer.ts';
import { readRecord } from '../../../src/runs/record.ts';
import { readReport } from '../../../src/runs/report.ts';
import { evaluate } from '../../../src/worker/evaluate.ts';
import { OpenedRun } from '../../../src/worker/openedRun.ts';
import { Session } from '../../../src/worker/session.ts';
import { translate } from '../../../src/worker/translate.ts';
import { replaceSealed } from '../../fixtures/reseal.ts';
import { temporaryFolder } from '../runs/temporary.ts';
import { assertReferences, assertResumesExactly, request, train } from './fixture.ts';
import { assertNames, errorWith } from '../../harness/facts.ts';
import { tasks } from '../../../src/config/tasks.ts';
import { say } from '../../../src/phrases/phrase.ts';

/** Pairs that a small network memorizes. */
const NUMBERS = [
  'one two',
  'two three',
  'three one',
  'one three',
  'two one',
  'three two',
  'one one',
  'two two',
  'three three',
  'one',
  'two',
  'three',
];
const FRENCH: Readonly<Record<string, string>> = { one: 'un', two: 'deux', three: 'trois' };
const french = (english: string) =>
  english
    .split(' ')
    .map((word) => FRENCH[word])
    .join(' ');
const TABLE = NUMBERS.map((english) => `${english}\t${french(english)}\n`)
  .join('')
  .repeat(2);

describe('tasks that convert texts', function () {
  this.timeout(180_000);
  const home = temporaryFolder();

  function starting(
    config: RunConfigInput,
    source: StartRequest['source'] = { kind: 'text', text: TABLE, name: 'numbers.tsv' },
  ): StartRequest {
    return {
      config: parseRunConfig({
        backend: 'reference',
        ...config,
        model: { units: 8, attention: 'dot', ...config.model },
        training: {
          batchSize: 4,
          steps: 10,
          validateEvery: 5,
          checkpointEvery: 5,
          learningRate: 0.02,
          stopWhenSolved: false,
          ...config.training,
        },
      }),
      source,
      backends: request(home()).backends,
    };
  }

  const exactly = [
    [
      'sequence-to-sequence',
      {
        task: { name: 'sequence-to-sequence' },
        model: { layers: 2, dropout: 0.3, cell: 'gru', attention: 'additive' },
      },
    ],
    [
      'dates',
      { task: { name: 'dates', validationPairs: 20 }, model: { embedding: 4, bidirectional: true, attention: 'dot' } },
    ],
    ['reversing', { task: { name: 'reversing', longest: 4, validationPairs: 20 }, model: { attention: 'none' } }],
  ] as const;
  for (const [name, config] of exactly) {
    it(`${name}: resumes exactly: 10 steps, and 5 resumed to 10, end with identical weights`, async () => {
      const source: StartRequest['source'] =
        name === 'sequence-to-sequence' ? { kind: 'text', text: TABLE, name: 'numbers.tsv' } : { kind: 'generated' };
      const { whole } = await assertResumesExactly((steps) => starting({ ...config, training: { steps } }, source));
      const [start] = whole.events.of('start');
      assert.ok(start);
      assertReferences(start);
      assert.deepEqual([start.task, Object.keys(start.baselines)], [name, ['uniform', 'unigram']]);
      assert.deepEqual(Object.keys(whole.events.of('validation')[0]?.scores ?? {}), ['tokenAccuracy', 'exactMatch']);
    });
  }

  it('learn to translate by subwords, with an encoder in both directions', async () => {
    const { folder, events } = await train(
      starting({
        task: { name: 'sequence-to-sequence', tokens: 'subword', merges: 12, minimumCount: 1 },
        model: { units: 16, bidirectional: true, attention: 'additive' },
        training: { batchSize: 8, steps: 150, validateEvery: 150, checkpointEvery: 150, learningRate: 0.03 },
      }),
    );
    const { backends } = request(home());
    assert.deepEqual(await translate(folder, ['three one', ' two '], backends), ['trois un', 'deux']);
    const [start] = events.of('start');
    assert.equal(start?.tokens, 'subword');
    const opened = await OpenedRun.open(folder, backends);
    const { layers } = await opened.probe(null, 'zero');
    assert.deepEqual([...new Set(layers.map(({ direction }) => direction))].toSorted(), ['backward', 'forward']);
    opened.dispose();
  });

  it('learn to translate, in training and in the stored model, and report pairs and alignments', async () => {
    const validation = join(home(), 'validation.tsv');
    await writeFile(validation, TABLE);
    const { folder } = await train(
      starting({
        task: { name: 'sequence-to-sequence', tokens: 'word', beam: 3 },
        data: { validation },
        model: { units: 16 },
        training: { batchSize: 8, steps: 150, validateEvery: 150, checkpointEvery: 150, learningRate: 0.03 },
      }),
    );
    const { backends } = request(home());
    assert.deepEqual(await translate(folder, ['three one', ' two '], backends), ['trois un', 'deux']);
    const { measures, predictions, skipped } = await evaluate(folder, validation, {}, backends);
    assert.deepEqual(
      [measures.task, measures.n, measures['exactMatch'], measures['tokenAccuracy']],
      ['sequence-to-sequence', 24, 1, 1],
    );
    assert.deepEqual(Object.keys(measures), [
      'task',
      'n',
      'exactMatch',
      'tokenAccuracy',
      'lossNats',
      'perplexity',
      'bleu',
    ]);
    assert.deepEqual([predictions?.[1], skipped], ['deux trois', []]);

    const report = await readReport(folder);
    assert.deepEqual(
      report?.blocks.map(({ kind }) => kind),
      ['table', 'matrix', 'matrix', 'matrix'],
    );
    const alignment = report?.blocks.find((block) => block.kind === 'matrix');
    assert.deepEqual(alignment?.rows, [...french(alignment?.columns.join(' ') ?? '').split(' '), '<end>']);
    assert.equal(alignment?.values.length, alignment.rows.length * alignment.columns.length);

    const opened = await OpenedRun.open(folder, backends);
    const probe = await opened.probe(null, 'zero');
    assert.ok(JSON.stringify(probe).includes('encoder_lstm_1'));
    opened.dispose();
  });

  it('read separate files of sources and targets, and columns by name', async () => {
    const [source, target, table] = ['source.txt', 'target.txt', 'table.csv'].map((name) => join(home(), name)) as [
      string,
      string,
      string,
    ];
    await writeFile(
      source,
      NUMBERS.map((line) => `${line}\n`)
        .join('')
        .repeat(2),
    );
    await writeFile(
      target,
      NUMBERS.map((line) => `${french(line)}\n`)
        .join('')
        .repeat(2),
    );
    await writeFile(
      table,
      `id,text,fr\n${NUMBERS.map((line, at) => `${at},${line},${french(line)}\n`).join('')}${NUMBERS.map((line) => `7,${line},${french(line)}\n`).join('')}8,one,\n`,
    );
    const two = await train(
      starting(
        { task: { name: 'sequence-to-sequence', target }, data: { validationShare: 0.25 } },
        { kind: 'file', path: source },
      ),
    );
    const one = await train(
      starting(
        {
          task: { name: 'sequence-to-sequence', sourceColumn: 'text', targetColumn: '3' },
          data: { validationShare: 0.25 },
        },
        { kind: 'file', path: table },
      ),
    );
    assert.deepEqual(
      two.events.of('step').map(({ loss }) => loss),
      one.events.of('step').map(({ loss }) => loss),
    );
    assertNames((await readRecord(one.folder)).notices.map(say).join(), 1, 26, 'target');
    await writeFile(target, 'changed');
    const resumed = await Session.resume(
      { folder: two.folder, changes: { steps: 12 }, backends: request(home()).backends },
      () => undefined,
    );
    assert.equal((await resumed.train()).steps, 12);
  });

  it('keep the vocabularies of a run of an earlier version that is resumed', async () => {
    const text = TABLE.replaceAll('one', "it's");
    const { folder } = await train(
      starting({ task: { name: 'sequence-to-sequence' } }, { kind: 'text', text, name: 'its.tsv' }),
    );
    const path = join(folder, 'model', 'source-vocabulary.json');
    const written = await readFile(path, 'utf8');
    // Earlier versions split "it's" after the apostrophe.
    const earlier = written
      .replace('"apostrophes":"contractions",', '')
      .replace(`"'s"`, '"s"')
      .replaceAll('it"', `it'"`);
    assert.notEqual(earlier, written);
    await replaceSealed(join(folder, 'model'), 'source-vocabulary.json', earlier);
    const changes = { steps: 12 };
    await (await Session.resume({ folder, changes, backends: request(home()).backends }, () => undefined)).train();
    assert.equal(await readFile(path, 'utf8'), earlier);
  });

  it('report what is wrong with their data', async () => {
    const task = { name: 'sequence-to-sequence' } as const;
    await assert.rejects(
      train(starting({ task }, { kind: 'generated' })),
      errorWith({ name: 'ConfigError', fields: ['data.train'] }),
    );
    await assert.rejects(
      train(starting({ task }, { kind: 'text', text: 'a\tb\n', name: 'one.tsv' })),
      errorWith({ name: 'InputError', code: 'too-short' }, 'data.validation'),
    );
    await assert.rejects(
      train(
        starting(
          { task, data: { sequenceLength: 2 } },
          { kind: 'text', text: 'a b c\td e f\n'.repeat(2) + 'g h i\tj k l\n'.repeat(9), name: 'long.tsv' },
        ),
      ),
      errorWith({ name: 'InputError', code: 'too-short' }),
    );
    await assert.rejects(
      translate(
        (await train(starting({ task: { name: 'adding', validationSequences: 5 } }, { kind: 'generated' }))).folder,
        ['x'],
        request(home()).backends,
      ),
      errorWith({ name: 'UnusableError' }, say(tasks.adding.title)),
    );
  });
});
