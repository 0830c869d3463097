import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseJson, parseRunConfig } from '../../../src/config/parse.ts';
import { tasks } from '../../../src/config/tasks.ts';
import { inspectDataSet } from '../../../src/data/inspect/inspectDataSet.ts';
import { describeCard, describeNeed } from '../../../src/protocol/configCard.ts';
import { dataNeeds } from '../../../src/protocol/dataNeeds.ts';
import { describeShape, formatRoughTime, samples, sampleSweeps } from '../../../src/protocol/samples.ts';
import { assertNames } from '../../harness/facts.ts';

const folder = fileURLToPath(new URL('../../../media/samples/', import.meta.url));
const SUFFIX = '.sequence-lab.json';
const names = readdirSync(folder)
  .filter((name) => name.endsWith(SUFFIX))
  .map((name) => name.slice(0, -SUFFIX.length));
const configOf = (name: string) => {
  const file = `${name}${SUFFIX}`;
  return parseRunConfig(parseJson(readFileSync(join(folder, file), 'utf8'), file));
};

describe('cards of the samples', () => {
  it('exist for every configuration, with different titles', () => {
    assert.deepEqual(Object.keys(samples).sort(), names.sort());
    assert.equal(new Set(Object.values(samples).map((sample) => sample?.title())).size, names.length);
  });

  it('exist for every sweep', () => {
    const end = '.sequence-lab-sweep.json';
    const sweeps = readdirSync(folder).filter((name) => name.endsWith(end));
    assert.deepEqual([...sampleSweeps].sort(), sweeps.map((name) => name.slice(0, -end.length)).sort());
  });

  for (const name of names) {
    it(`${name}: name shape, duration and data`, () => {
      const sample = samples[name];
      assert.ok(sample);
      const config = configOf(name);
      const { description, detail, hasData } = describeCard(config, sample);
      assertNames(description, describeShape(config), formatRoughTime(sample.seconds));
      assert.ok(sample.seconds > 0);
      const { train } = config.data;
      assert.equal(hasData, train !== '' || tasks[config.task.name].generated);
      if (train !== '') assert.ok(detail.includes(train.replace(/^.*\//, '')));
      // Data are asked for, or offered, only where there are none.
      assert.equal(hasData, !detail.includes(describeNeed(config, sample)) || describeNeed(config, sample) === '');
      if (hasData) assert.deepEqual([sample.needs, sample.offers], [undefined, undefined]);
      for (const file of sample.offers ?? []) assert.ok(existsSync(join(folder, file)), file);
    });
  }
});

describe('data that a task needs', () => {
  it('is described for every task that reads a file, and for no other', () => {
    for (const [name, { generated }] of Object.entries(tasks))
      assert.equal(Object.hasOwn(dataNeeds, name), !generated, name);
  });

  const cases = [
    { file: 'ferry.txt', fits: [] },
    { file: 'harbour-tags.tsv', fits: ['tagging'] },
    { file: 'names', fits: ['classification', 'conditioned-generation'] },
    { file: 'eng-fra/pairs.tsv', fits: ['classification', 'conditioned-generation', 'sequence-to-sequence'] },
    {
      file: 'oscillation.csv',
      fits: ['classification', 'conditioned-generation', 'forecasting', 'sequence-to-sequence'],
    },
  ];
  for (const { file, fits } of cases) {
    it(`${file} fits ${fits.join(', ') || 'no task but a language model'}`, async () => {
      const inspection = await inspectDataSet(
        { kind: 'file', path: join(folder, file) },
        { validationShare: 0.1, seed: 1 },
      );
      const fitting = Object.entries(dataNeeds).flatMap(([name, need]) => (need?.fits?.(inspection) ? [name] : []));
      assert.deepEqual(fitting.sort(), [...fits].sort());
    });
  }
});
