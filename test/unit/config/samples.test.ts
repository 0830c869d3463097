import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ineffectiveFields } from '../../../src/config/applicability.ts';
import { withDataFrom } from '../../../src/config/dataPaths.ts';
import { parseJson, parseRunConfig } from '../../../src/config/parse.ts';
import { tasks } from '../../../src/config/tasks.ts';
import { checkSweep } from '../../../src/sweeps/checkSweep.ts';
import { parseSweepFile } from '../../../src/sweeps/parseSweepFile.ts';
import { plannedTrials } from '../../../src/sweeps/plannedTrials.ts';

const folder = fileURLToPath(new URL('../../../media/samples/', import.meta.url));
const files = readdirSync(folder).filter((name) => name.endsWith('.sequence-lab.json'));
/** The configurations in README.md of the samples for the user's own data. */
const readme = readFileSync(join(folder, 'README.md'), 'utf8');

describe('the sample configurations', () => {
  for (const file of files) {
    it(`${file} is valid, has its data, and is documented`, async () => {
      const config = withDataFrom(folder, parseRunConfig(parseJson(readFileSync(join(folder, file), 'utf8'), file)));
      assert.deepEqual(ineffectiveFields(config), []);
      const { train, validation } = config.data;
      for (const path of [train, validation]) if (path !== '') await assert.doesNotReject(stat(path));
      if (tasks[config.task.name].generated) assert.equal(train, '');
      assert.ok(readme.includes(file.replace('.sequence-lab.json', '')), 'README.md of the samples does not name it');
    });
  }
});

describe('the sample sweeps', () => {
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.sequence-lab-sweep.json')))
    it(`${file} is valid, has its data, at least six trials, and is documented`, async () => {
      const sweep = parseSweepFile(parseJson(readFileSync(join(folder, file), 'utf8'), file));
      const base = withDataFrom(folder, parseRunConfig(sweep.base));
      await assert.doesNotReject(stat(base.data.train));
      assert.ok(plannedTrials(checkSweep(sweep, base)).length >= 6);
      assert.ok(readme.includes(file), 'README.md of the samples does not name it');
    });
});
