import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { givenJobFlag, type JobFlags, jobFlagsOf, keepJobFlags, nodeOfJobs } from '../../../src/cli/sweep/jobFlags.ts';
import { seeds } from '../../harness/seeds.ts';
import { temporaryFolder } from '../runs/temporary.ts';

const NONE: JobFlags = { sbatch: [], setup: [] };

const positive = fc.integer({ min: 1 });
const flags: fc.Arbitrary<JobFlags> = fc.record(
  {
    partition: fc.string(),
    time: fc.string(),
    mem: fc.string(),
    gpus: fc.string(),
    account: fc.string(),
    constraint: fc.string(),
    node: fc.string(),
    cpus: positive,
    atOnce: positive,
    trialsPerTask: positive,
    sbatch: fc.array(fc.string()),
    setup: fc.array(fc.string()),
  },
  { requiredKeys: ['sbatch', 'setup'], noNullPrototype: true },
);

describe('the options of the jobs of a sweep', () => {
  const folder = temporaryFolder();

  it('are those of the last start, unless others are given', async () => {
    await fc.assert(
      fc.asyncProperty(flags, flags, async (before, given) => {
        await keepJobFlags(folder(), before);
        assert.deepEqual(await jobFlagsOf(folder(), NONE), before);
        const found = await jobFlagsOf(folder(), given);
        assert.deepEqual(found, givenJobFlag(given) === undefined ? before : given);
      }),
      seeds(50),
    );
  });

  it('are none at the first start, and are refused from a damaged file', async () => {
    const all = { ...NONE, slurm: true, resume: true };
    assert.deepEqual(await jobFlagsOf(folder(), all), NONE);
    for (const content of ['{', '{}', '{"sbatch":[],"setup":[],"cpus":0}']) {
      await writeFile(join(folder(), 'slurm-options.json'), content);
      await assert.rejects(jobFlagsOf(folder(), NONE), { name: 'UsageError' });
      assert.equal((await jobFlagsOf(folder(), { ...NONE, mem: '4G' })).mem, '4G');
    }
  });

  it('are named as on the command line', () => {
    assert.equal(givenJobFlag(NONE), undefined);
    assert.equal(givenJobFlag({ ...NONE, trialsPerTask: 2 }), 'trials-per-task');
    assert.equal(givenJobFlag({ ...NONE, setup: ['module load nodejs'] }), 'setup');
  });

  it('name a Node.js for the nodes where this program is Electron, unless the user does', () => {
    assert.equal(nodeOfJobs(NONE, true), 'node');
    assert.equal(nodeOfJobs(NONE, false), process.execPath);
    for (const isElectron of [true, false]) assert.equal(nodeOfJobs({ ...NONE, node: '/n' }, isElectron), '/n');
  });
});
