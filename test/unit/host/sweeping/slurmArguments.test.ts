import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import fc from 'fast-check';
import { hasSlurm, slurmArguments } from '../../../../src/host/sweeping/slurmArguments.ts';

describe('a sweep on Slurm from the editor', () => {
  const word = fc.stringMatching(/^--[a-z]+(=[a-z0-9:]+)?$/);

  it('passes on what the user has typed, word by word', () => {
    fc.assert(
      fc.property(fc.array(word), fc.constantFrom(' ', '  ', '\t'), fc.boolean(), (words, blank, resumes) => {
        const options = ` ${words.join(blank)}${blank}`;
        const found = slurmArguments('/a b/rates.sequence-lab-sweep.json', { options, resumes });
        const before = ['sweep', '/a b/rates.sequence-lab-sweep.json', '--slurm', ...(resumes ? ['--resume'] : [])];
        assert.deepEqual(found, [...before, ...words]);
      }),
    );
  });

  it('keeps the blanks of a value within quotes', () => {
    const of = (options: string) => slurmArguments('a', { options, resumes: false }).slice(3);
    assert.deepEqual(of(`--setup 'module load nodejs' --sbatch="--qos=long x"`), [
      '--setup',
      'module load nodejs',
      '--sbatch=--qos=long x',
    ]);
  });

  it('is offered where sbatch is on the PATH', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sequence-lab-path-'));
    try {
      const path = ['', join(folder, 'missing'), folder].join(delimiter);
      assert.equal(hasSlurm(path), false);
      await writeFile(join(folder, 'sbatch'), '');
      assert.equal(hasSlurm(path), true);
      assert.equal(hasSlurm(''), false);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
