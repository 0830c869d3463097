import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseRunConfig } from '../../../src/config/parse.ts';
import type { RunConfigInput } from '../../../src/config/schema.ts';
import type { StartRequest } from '../../../src/protocol/trainer.ts';
import { readReport } from '../../../src/runs/report.ts';
import { evaluate } from '../../../src/worker/evaluate.ts';
import { temporaryFolder } from '../runs/temporary.ts';
import { assertReferences, assertResumesExactly, request, train, generatedText } from './fixture.ts';
import { assertNames, errorWith } from '../../harness/facts.ts';
import { say } from '../../../src/phrases/phrase.ts';

/** Texts of two labels without common letters. */
const WORDS = { low: ['aba', 'abba', 'baab', 'ab', 'baba', 'aab'], high: ['yzy', 'zzy', 'yyz', 'zy', 'yz', 'zyzy'] };

describe('labeled generation', function () {
  this.timeout(180_000);
  const home = temporaryFolder();
  const table = `text\tlabel\n${Object.entries(WORDS)
    .flatMap(([label, words]) => words.map((word) => `${word}\t${label}\n`))
    .join('')}`;

  const starting = (
    config: RunConfigInput = {},
    source: StartRequest['source'] = { kind: 'text', text: table, name: 'words.tsv' },
  ): StartRequest => ({
    config: parseRunConfig({
      backend: 'reference',
      task: { name: 'conditioned-generation' },
      ...config,
      data: { validationShare: 0.2, ...config.data },
      model: { units: 8, ...config.model },
      training: {
        batchSize: 4,
        steps: 10,
        validateEvery: 5,
        checkpointEvery: 5,
        learningRate: 0.03,
        ...config.training,
      },
      sampling: { every: 0, ...config.sampling },
    }),
    source,
    backends: request(home()).backends,
  });

  it('learns from a folder, writes texts for each label, and is scored by a classifier of real texts', async () => {
    const folder = join(home(), 'words');
    await mkdir(folder);
    for (const [label, words] of Object.entries(WORDS)) await writeFile(join(folder, `${label}.txt`), words.join('\n'));
    const { folder: run, events } = await train(
      starting(
        { training: { steps: 150, validateEvery: 150, checkpointEvery: 150 }, sampling: { every: 150, length: 30 } },
        { kind: 'file', path: folder },
      ),
    );
    const { backends } = request(home());
    const write = async (options: { label?: string; prompt?: string; temperature?: number; topK?: number }) =>
      generatedText({ folder: run, length: 40, temperature: 0.5, backends, ...options });
    assert.match(await write({ label: 'low' }), /^([ab]+\n)+$/);
    assert.match(await write({ label: 'high', prompt: 'zz' }), /^(zz[yz]*\n)+$/);
    // The most likely token alone is left at any temperature.
    assert.equal(await write({ label: 'low', temperature: 9, topK: 1 }), await write({ label: 'low', temperature: 0 }));
    assert.match(await write({}), /^(high: [yz]+\nlow: [ab]+\n)+/);
    await assert.rejects(write({ label: 'Low' }), errorWith({ name: 'UnusableError' }, '"Low"', 'high, low'));
    assert.match(events.of('sample')[0]?.text ?? '', /^high: .*\nlow: /);
    assert.deepEqual(
      (await readReport(run))?.blocks.map((block) => block.kind === 'table' && block.rows.map(([label]) => label)),
      [['high', 'low']],
    );
    const { measures } = await evaluate(run, folder, {}, backends);
    assert.deepEqual(Object.keys(measures), [
      'task',
      'n',
      'characters',
      'lossNats',
      'perplexity',
      'recognised',
      'recognisedReal',
      'chance',
      'recognisedByLabel',
    ]);
    assert.deepEqual([measures.n, measures['recognised'], measures['chance']], [12, 1, 0.5]);
  });

  it('resumes exactly: 10 steps, and 5 resumed to 10, end with identical weights', async () => {
    const config = { model: { cell: 'gru', layers: 2, dropout: 0.2, units: 4, embedding: 3 } } as const;
    await assertResumesExactly((steps) => starting({ ...config, training: { steps } }));
  });

  it('skips texts that are too long, and reports them', async () => {
    const { events } = await train(starting({ data: { sequenceLength: 3 } }));
    const [start] = events.of('start');
    assert.ok(start);
    assertReferences(start);
    assertNames(start.notices.map(say).join(), 3, 'data.sequenceLength');
    await assert.rejects(
      train(starting({}, { kind: 'text', text: 'text\tlabel\na\tb\n', name: 'one.tsv' })),
      errorWith({ name: 'InputError', code: 'too-short' }, 50, 'data.sequenceLength'),
    );
  });
});
