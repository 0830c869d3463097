import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { copiesFolder } from '../../../src/config/copiedPath.ts';
import { unusedCopies } from '../../../src/runs/dataCopies.ts';
import { trashRun } from '../../../src/runs/trash.ts';
import { exampleRecord, writeExample } from './examples.ts';
import { temporaryFolder } from './temporary.ts';

const versionOf = (index: number) => index.toString(16).padStart(16, '0');

describe('copies of data', () => {
  const home = temporaryFolder();

  it('are unused if no run, run of the trash, sweep or waiting run refers to them, the largest first', async () => {
    let count = 0;
    const user = fc.constantFrom('none', 'run', 'trash', 'sweep', 'waiting');
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(user, fc.nat(2000)), { maxLength: 6 }), async (copies) => {
        const base = join(home(), String(++count));
        const runs = join(base, 'runs');
        const waiting: string[] = [];
        const expected: number[] = [];
        for (const [index, [use, bytes]] of copies.entries()) {
          const folder = join(copiesFolder(base), versionOf(index));
          const path = join(folder, 'text.txt');
          await mkdir(folder, { recursive: true });
          await writeFile(path, new Uint8Array(bytes));
          if (use === 'none') expected.push(bytes);
          if (use === 'waiting') waiting.push(path);
          if (use === 'sweep') {
            const sweep = join(base, 'sweeps', `sweep-${index}`);
            await mkdir(sweep, { recursive: true });
            await writeFile(join(sweep, 'plan.jsonl'), `${JSON.stringify({ source: { kind: 'file', path } })}\n`);
          }
          if (use === 'run' || use === 'trash') {
            const record = exampleRecord(`run-${index}`);
            const { config } = record;
            const data = { ...config.data, train: path };
            const written = await writeExample(runs, { ...record, config: { ...config, data } });
            if (use === 'trash') await trashRun(written);
          }
        }
        const found = await unusedCopies(runs, waiting);
        assert.deepEqual(
          found.map(({ bytes }) => bytes),
          expected.sort((a, b) => b - a),
        );
        assert.ok(found.every(({ id }) => id === 'text.txt'));
      }),
      { numRuns: 20 },
    );
  });
});
