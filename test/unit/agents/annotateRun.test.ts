import assert from 'node:assert/strict';
import { annotateRun } from '../../../src/agents/tools/annotateRun.ts';
import { runsFolder } from '../../../src/runs/home.ts';
import { exampleRecord, writeExample } from '../runs/examples.ts';
import { temporaryFolder } from '../runs/temporary.ts';
import { fakeContext } from './fakeLab.ts';

describe('annotate_run', () => {
  const home = temporaryFolder();

  it('lets the user confirm no empty change', async () => {
    await writeExample(runsFolder(home()), exampleRecord('run-a'));
    const context = fakeContext({ home: home() });
    for (const [args, isChange] of [
      [{}, false],
      [{ addTags: [], removeTags: [] }, false],
      [{ name: '' }, true],
      [{ starred: false }, true],
      [{ removeTags: ['a'] }, true],
    ] as const) {
      const asked = await annotateRun.confirmation({ run: 'run-a', ...args }, context);
      assert.equal(asked.ok, isChange, JSON.stringify(args));
      assert.equal((await annotateRun.call({ run: 'run-a', ...args }, context)).ok, isChange);
    }
  });
});
