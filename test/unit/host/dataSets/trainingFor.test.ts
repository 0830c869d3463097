import assert from 'node:assert/strict';
import { parseRunConfig } from '../../../../src/config/parse.ts';
import { inspectDataSet } from '../../../../src/data/inspect/inspectDataSet.ts';
import { trainingFor } from '../../../../src/host/dataSets/trainingFor.ts';
import type { ColumnRole } from '../../../../src/protocol/dataInspection.ts';

const settings = parseRunConfig({ seed: 7 });
const inspect = async (name: string, text: string, roles?: ColumnRole[]) => inspectDataSet({ kind: 'text', name, text }, { roles, validationShare: 0.2, seed: 7 });
const sentences = 'The\tx\tDET\nsun\ty\tNOUN\nshines\tz\tVERB\n\nIt\tx\tPRON\nis\ty\tVERB\nwarm\tz\tADJ\n';

describe('training on a data set that was inspected', () => {
  it('takes the columns as they were chosen', async () => {
    const config = trainingFor(await inspect('a.tsv', sentences, ['word', 'tag', 'unused']), settings);
    assert.deepEqual(config.task, { ...config.task, name: 'tagging', wordColumn: 1, tagColumn: 2 });
    assert.equal(config.seed, 7);
    assert.equal(config.model.bidirectional, true);
  });

  it('trains a language model with the settings as they are', async () => {
    const config = trainingFor(await inspect('a.txt', 'It was the best of times.\nIt was the worst of times.\n'), settings);
    assert.deepEqual(config, settings);
  });
});
