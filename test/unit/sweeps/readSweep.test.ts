import assert from 'node:assert/strict';
import { rangeTestOf } from '../../../src/config/rangeTest.ts';
import { parseRunConfig } from '../../../src/config/parse.ts';
import { plannedTrials } from '../../../src/sweeps/plannedTrials.ts';
import { readSweep } from '../../../src/sweeps/readSweep.ts';
import { errorWith } from '../../harness/facts.ts';
import { exampleRecord, writeExample } from '../runs/examples.ts';
import { temporaryFolder } from '../runs/temporary.ts';

describe('a sweep file that is read', () => {
  const home = temporaryFolder();
  const { config } = exampleRecord('tested');
  const fields = { 'model.units': { values: [4, 8] } };

  const read = async (content: object, run = home()) =>
    readSweep(JSON.stringify(content), { folder: home(), file: null, findRun: () => run });

  it('has the planned trials', async () => {
    const { sweep, trials } = await read({ base: { task: { name: 'adding' } }, fields });
    assert.deepEqual(trials, plannedTrials(sweep));
  });

  it('names the run to start from, if it is based on a learning rate range test', async () => {
    const content = { from: 'test', fields };
    const parent = { run: 'tested', reason: 'again', changes: {} } as const;
    const test = await writeExample(home(), exampleRecord('test', { config: rangeTestOf(config), parent }));
    await assert.rejects(read(content, test), errorWith({ name: 'ConfigError', fields: ['from'] }, 'test', 'tested'));
    const { training } = config;
    const { schedule, learningRate, steps } = training;
    const { sweep } = await read({ ...content, base: { training: { schedule, learningRate, steps } } }, test);
    assert.equal(sweep.base.training.schedule, schedule);
  });

  it('names the schedule, if its base or one of its trials is a learning rate range test', async () => {
    const base = { task: { name: 'adding' }, training: rangeTestOf(parseRunConfig({})).training };
    const refused = (field: string) => errorWith({ name: 'ConfigError', fields: [field] });
    await assert.rejects(read({ base, fields }), refused('base.training.schedule'));
    await assert.rejects(
      read({
        base: { task: { name: 'adding' } },
        fields: { 'training.schedule': { choices: ['constant', 'range-test'] } },
      }),
      refused('fields.training.schedule'),
    );
  });
});
