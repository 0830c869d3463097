import assert from 'node:assert/strict';
import { parseRunConfig } from '../../../src/config/parse.ts';
import { inspectDataSet } from '../../../src/data/inspect/inspectDataSet.ts';
import { trainingFor } from '../../../src/protocol/trainingFor.ts';
import type { ColumnRole } from '../../../src/protocol/dataInspection.ts';

const settings = parseRunConfig({ seed: 7 });
const inspect = async (name: string, text: string, roles?: ColumnRole[]) =>
  inspectDataSet({ kind: 'text', name, text }, { roles, validationShare: 0.2, seed: 7 });
const sentences = 'The\tx\tDET\nsun\ty\tNOUN\nshines\tz\tVERB\n\nIt\tx\tPRON\nis\ty\tVERB\nwarm\tz\tADJ\n';

describe('training on an inspected data set', () => {
  it('uses the chosen columns', async () => {
    const config = trainingFor(await inspect('a.tsv', sentences, ['word', 'tag', 'unused']), settings);
    assert.deepEqual(config.task, { ...config.task, name: 'tagging', wordColumn: 1, tagColumn: 2 });
    assert.equal(config.seed, 7);
    assert.equal(config.model.bidirectional, true);
  });

  it('creates a valid configuration for each task, and weights unbalanced classes', async () => {
    const reviews = Array.from(
      { length: 40 },
      (_, i) => `a text of some words ${i}\t${i % 8 === 0 ? 'rare' : 'often'}`,
    ).join('\n');
    const classified = trainingFor(await inspect('a.tsv', reviews), settings);
    assert.deepEqual(classified.task, {
      ...classified.task,
      name: 'classification',
      tokens: 'word',
      textColumn: '1',
      labelColumn: '2',
      classWeights: 'balanced',
    });
    assert.ok(classified.model.embedding > 0);
    const translated = trainingFor(await inspect('a.tsv', reviews, ['source', 'target']), settings);
    assert.deepEqual(translated.task, {
      ...translated.task,
      name: 'sequence-to-sequence',
      sourceColumn: '1',
      targetColumn: '2',
    });
    assert.equal(translated.model.bidirectional, false);
  });

  it('names the group of labeled texts, and the roles of the columns of a series', async () => {
    const texts = Array.from({ length: 40 }, (_, i) => `a text of words ${i}\t${i % 2 ? 'x' : 'y'}\tauthor ${i % 5}`);
    const grouped = trainingFor(await inspect('a.tsv', texts.join('\n'), ['text', 'label', 'group']), settings);
    assert.equal(grouped.task.name === 'classification' && grouped.task.groupColumn, '3');
    const rows = Array.from({ length: 40 }, (_, i) => `${i % 2 ? 'x' : 'y'};${i % 7};${(i * 5) % 11};${i % 3}`);
    const series = trainingFor(
      await inspect('a.csv', `place;a;b;c\n${rows.join('\n')}`, ['group', 'target', 'value', 'unused']),
      settings,
    );
    assert.deepEqual(series.task, {
      ...series.task,
      name: 'forecasting',
      inputs: '2,3',
      column: '2',
      seriesColumn: '1',
      timeColumn: '',
    });
  });

  it('keeps the settings of the same task, but for the columns, and takes the chosen fields', async () => {
    const rows = Array.from({ length: 60 }, (_, i) => String(10 + (i % 12)));
    const text = `load\n${rows.join('\n')}`;
    const own = parseRunConfig({ task: { name: 'forecasting', gaps: 'split', column: 'load' } });
    const options = { roles: ['value'], validationShare: 0.2, seed: 7, fields: { horizon: 12 } } as const;
    const found = await inspectDataSet({ kind: 'text', name: 'a.csv', text }, options);
    const { task } = trainingFor(found, own);
    assert.deepEqual(task, { ...own.task, column: '', horizon: 12 });
  });

  it('keeps the settings for a language model', async () => {
    const config = trainingFor(
      await inspect('a.txt', 'It was the best of times.\nIt was the worst of times.\n'),
      settings,
    );
    assert.deepEqual(config, settings);
  });
});
