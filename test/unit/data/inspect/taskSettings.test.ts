import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ConfigError, parseRunConfig } from '../../../../src/config/parse.ts';
import type { RunConfigInput } from '../../../../src/config/schema.ts';
import { inspectDataSet } from '../../../../src/data/inspect/inspectDataSet.ts';
import { readLabeledTable } from '../../../../src/data/labeled/fastText.ts';
import { say } from '../../../../src/phrases/phrase.ts';
import { inspectData } from '../../../../src/worker/inspectData.ts';
import { readClassificationData } from '../../../../src/worker/tasks/classification/classificationData.ts';
import { forecasting } from '../../../../src/worker/tasks/forecasting/forecasting.ts';
import { assertNames } from '../../../harness/facts.ts';
import { seeds } from '../../../harness/seeds.ts';

const table = (text: string) => ({ kind: 'text', name: 'data.csv', text }) as const;

/** What Inspect finds with the settings of a configuration, as the command line asks. */
async function inspected(text: string, input: RunConfigInput) {
  const { task, data, seed } = parseRunConfig(input);
  const { validationShare, sequenceLength, split } = data;
  return inspectData({ source: table(text), task, validationShare, sequenceLength, split, seed });
}

const header = 'who,note,mood\n';
const words = ['can’t', 'we’ll', 'see', 'the', 'café', 'über', 'bridge', 'नदी', 'river'];
const rows = fc.array(
  fc.record({
    who: fc.constantFrom('ann', 'ben', 'cleo', 'dora', ''),
    note: fc.array(fc.constantFrom(...words), { minLength: 3, maxLength: 5 }),
    mood: fc.constantFrom('good', 'bad'),
  }),
  { minLength: 12, maxLength: 40 },
);
const taskFields = fc.record({
  groupColumn: fc.constantFrom('', 'who', '1'),
  wordRules: fc.constantFrom<'unicode' | 'english'>('unicode', 'english'),
  lowerCase: fc.boolean(),
  stripAccents: fc.boolean(),
  tokens: fc.constantFrom<'word' | 'character'>('word', 'character'),
});

describe('Inspect with the settings of a task', () => {
  it('divides and splits labeled texts as training does', async () => {
    await fc.assert(
      fc.asyncProperty(
        rows,
        taskFields,
        fc.constantFrom<'stratified' | 'random'>('stratified', 'random'),
        async (items, fields, split) => {
          const text = header + items.map(({ who, note, mood }) => `${who},${note.join(' ')},${mood}\n`).join('');
          const input: RunConfigInput = {
            task: { name: 'classification', textColumn: 'note', labelColumn: 'mood', ...fields },
            data: { split, validationShare: 0.3 },
          };
          const trained = await readClassificationData(
            { train: table(text), validation: undefined },
            parseRunConfig(input),
          ).catch(() => undefined);
          // Some random tables have one label, or too few texts.
          if (!trained) return;
          const found = await inspected(text, input);
          const known = new Set(trained.train.flatMap(({ forms }) => forms));
          const read = trained.validation.flatMap(({ forms }) => forms);
          assert.deepEqual(
            [found.parts.train, found.parts.validation, found.unknown?.tokens, found.unknown?.unknown],
            [
              trained.train.length,
              trained.validation.length,
              read.length,
              read.filter((form) => !known.has(form)).length,
            ],
          );
        },
      ),
      seeds(60),
    );
  });

  it('takes a row with the name of a column that the settings name for the header', async () => {
    const text = `${'a b c,x,1\n'.repeat(6)}${'d e f,y,2\n'.repeat(6)}`;
    const found = await inspected(text, { task: { name: 'classification', textColumn: 'a b c', labelColumn: 'x' } });
    assert.deepEqual([found.dialect?.header, found.rows], [true, 11]);
    assert.equal((await readLabeledTable(table(text))).header, false);
  });

  it('says all that training says about a series', async () => {
    const load = (i: number) => (i % 20 === 3 ? -200 : 10 + Math.round(50 * Math.sin(i / 4)) / 10);
    const lines = Array.from(
      { length: 120 },
      (_, i) => `${new Date(i * 86_400_000).toISOString().slice(0, 10)},${load(i)}`,
    );
    const text = `day,load\n${lines.filter((_, i) => i !== 40).join('\n')}\n`;
    const input: RunConfigInput = { task: { name: 'forecasting' }, data: { sequenceLength: 10 } };
    const found = await inspected(text, input);
    const trained = await forecasting.load(table(text), parseRunConfig(input));
    const notes = found.notes.map(say);
    assertNames(
      found.notes.find((note) => say(note).includes('task.missingValues')),
      'load',
      -200,
      6,
      'task.missingValues',
    );
    const told = trained.notices.map(say);
    assert.ok(told.length > 2);
    for (const notice of told) assert.ok(notes.includes(notice), notice);
    const set = await inspected(text, { ...input, task: { name: 'forecasting', missingValues: '-200' } });
    assert.ok(!set.notes.map(say).some((note) => note.includes('far from')));
  });

  it('suggests to read marks of missing values as missing, and to forecast a season', async () => {
    const value = (i: number) => (i % 20 === 3 ? -200 : 10 + Math.round(50 * Math.sin((2 * Math.PI * i) / 12)) / 10);
    const text = `load\n${Array.from({ length: 240 }, (_, i) => value(i)).join('\n')}\n`;
    const options = { roles: ['value'], validationShare: 0.2, sequenceLength: 24, seed: 1 } as const;
    const found = await inspectDataSet(table(text), options);
    const missing = found.suggestions.find(({ fields }) => 'missingValues' in fields);
    assert.deepEqual(missing?.fields, { missingValues: '-200' });
    const chosen = await inspectDataSet(table(text), { ...options, fields: { ...missing?.fields } });
    assert.deepEqual(
      chosen.suggestions.map(({ fields }) => fields),
      [{ horizon: 12 }],
    );
    assert.ok(!chosen.notes.map(say).some((note) => note.includes('task.missingValues')));
    const both = await inspectDataSet(table(text), { ...options, fields: { missingValues: '-200', horizon: 12 } });
    assert.deepEqual(both.suggestions, []);
    assert.deepEqual(both.fields, { missingValues: '-200', horizon: 12 });
    await assert.rejects(inspectDataSet(table(text), { ...options, fields: { horizon: 0 } }), ConfigError);
    await assert.rejects(inspectDataSet(table(text), { ...options, fields: { labelSeparator: ',' } }), ConfigError);
  });

  it('shows the columns of the settings by their roles', async () => {
    const rows = Array.from(
      { length: 40 },
      (_, i) => `2026-01-${1 + (i % 20)},${i < 20 ? 'a' : 'b'},${i % 7},${i * 3}`,
    );
    const text = `day,place,rain,wind\n${rows.map((row) => row.replace(/-(\d),/, '-0$1,')).join('\n')}\n`;
    const fields = { seriesColumn: 'place', column: 'rain', inputs: 'wind' };
    const { columns, notes } = await inspected(text, { task: { name: 'forecasting', ...fields } });
    assert.deepEqual(
      columns.map(({ role }) => role),
      ['time', 'group', 'target', 'value'],
    );
    const chosen = await inspectDataSet(table(text), {
      roles: ['time', 'group', 'target', 'value'],
      validationShare: 0.1,
      seed: 1,
    });
    assert.deepEqual([chosen.task, chosen.notes.map(say)], ['forecasting', notes.map(say)]);
  });

  it('says why training would refuse a series', async () => {
    const text = `load\n${Array.from({ length: 100 }, (_, i) => (i % 10 === 5 ? 'NA' : String(i % 7))).join('\n')}\n`;
    const { notes } = await inspectDataSet(table(text), { validationShare: 0.2, seed: 1 });
    assertNames(
      notes.find((note) => say(note).includes('task.missing')),
      10,
      100,
      'load',
      'task.missing',
    );
    const answered = await inspected(text, { task: { name: 'forecasting', missing: 'previous' } });
    assert.ok(!answered.notes.some((note) => say(note).includes('task.missing')));
  });
});
