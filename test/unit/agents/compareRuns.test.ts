import assert from 'node:assert/strict';
import * as z from 'zod';
import { compareRuns } from '../../../src/agents/tools/compareRuns.ts';
import { runsFolder } from '../../../src/runs/home.ts';
import { exampleRecord, writeExample } from '../runs/examples.ts';
import { temporaryFolder } from '../runs/temporary.ts';
import { fakeContext } from './fakeLab.ts';

type Change = NonNullable<Parameters<typeof exampleRecord>[1]>;

const output = z.object({ best: z.string().nullable(), whyNoBest: z.string().nullable() });

const source = (path: string, ...hashes: readonly (readonly ['train' | 'validation' | 'wordVectors', string])[]) => ({
  path,
  sha256: hashes.map(([, sha256]) => sha256).join(),
  snapshot: false,
  files: hashes.map(([role, sha256]) => ({ role, path, sha256 })),
});

describe('compare_runs', () => {
  const home = temporaryFolder();

  const compare = async (...changes: readonly [Change, Change]) => {
    for (const [i, change] of changes.entries()) {
      const record = exampleRecord(`run-${i}`, { source: source('/a.txt', ['train', 'ab']), ...change });
      const best = { step: 10, loss: 2 - i };
      await writeExample(runsFolder(home()), { ...record, progress: { ...record.progress, best } });
    }
    const answer = await compareRuns.call({ runs: ['run-0', 'run-1'] }, fakeContext({ home: home() }));
    assert.ok(answer.ok);
    return output.parse(answer.content);
  };

  it('names the best run if the losses are of the same data', async () => {
    for (const [a, b] of [
      [{}, { config: { model: { units: 3 }, seed: 2, data: { sequenceLength: 20 } } }],
      [{ name: 'a.txt' }, { name: 'b.txt', source: source('/b.txt', ['train', 'ab']) }],
      [
        { config: { task: { name: 'copying' } }, source: null },
        { config: { task: { name: 'copying' }, seed: 2 }, source: null },
      ],
      [
        { config: { task: { name: 'classification' } } },
        { config: { task: { name: 'classification', minimumCount: 5, classWeights: 'balanced' } } },
      ],
    ] satisfies [Change, Change][])
      assert.deepEqual(await compare(a, b), { best: 'run-1', whyNoBest: null });
  });

  it('names none if they are of other data or of another part of it, and says why', async () => {
    for (const [a, b, reason] of [
      [{}, { source: source('/b/a.txt', ['train', 'cd']) }, 'data'],
      [
        { source: source('/a.txt', ['train', 'ab'], ['validation', 'ef']) },
        { source: source('/a.txt', ['train', 'ab'], ['validation', 'gh']) },
        'data',
      ],
      [{}, { config: { data: { validationShare: 0.3 } } }, 'data.validationShare'],
      [{}, { config: { data: { validationLimit: 10 } } }, 'data.validationLimit'],
      [{}, { config: { task: { name: 'language-model', tokens: 'word' } } }, 'task.tokens'],
      [
        { config: { task: { name: 'copying' } }, source: null },
        { config: { task: { name: 'copying' }, data: { sequenceLength: 99 } }, source: null },
        'data.sequenceLength',
      ],
    ] satisfies [Change, Change, string][]) {
      const { best, whyNoBest } = await compare(a, b);
      assert.equal(best, null);
      assert.ok(whyNoBest?.includes(reason), `${reason}: ${whyNoBest}`);
    }
  });
});
