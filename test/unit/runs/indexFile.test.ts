import assert from 'node:assert/strict';
import { appendFile, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { disk, type Files } from '../../../src/platform/files.ts';
import { IndexFile } from '../../../src/runs/indexFile.ts';
import { temporaryFolder } from './temporary.ts';

describe('file of the index', () => {
  const home = temporaryFolder();
  const path = () => join(home(), 'index.jsonl');
  const open = (runs = '/runs', files: Files = disk) => new IndexFile(path(), runs, files);

  async function read(file: IndexFile): Promise<unknown[]> {
    const entries: unknown[] = [];
    for await (const entry of file.read()) entries.push(entry);
    return entries;
  }

  let next = 0;
  /** New entries, each of which is unlike all others. */
  const batch = (size: number) =>
    Array.from({ length: size }, () => ({ name: `run ${next++}`, text: 'x'.repeat(200) }));

  it('has what was written and appended, in this order, also in many pieces', async () => {
    const [all, some] = [batch(12_000), batch(2500)];
    const file = open();
    await file.write(all);
    await file.append(some);
    await open().append(batch(1));
    assert.equal(await file.entries(), 14_500);
    const again = open();
    assert.deepEqual((await read(again)).slice(0, -1), [...all, ...some]);
    assert.equal(await again.entries(), 14_501);
    assert.deepEqual(await read(open('/others')), []);
  });

  it('has only entries that were written, and the batches that are whole, after any cut or change', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 5 }),
        fc.nat(),
        fc.boolean(),
        async (sizes, place, isCut) => {
          const file = open();
          const batches = sizes.map(batch);
          await file.write(batches[0] ?? []);
          for (const each of batches.slice(1)) await file.append(each);
          const bytes = await readFile(path());
          const at = place % bytes.length;
          if (isCut) await writeFile(path(), bytes.subarray(0, at));
          else await writeFile(path(), bytes.with(at, (bytes[at] ?? 0) ^ 1));
          const found = await read(open());
          const whole = batches.filter((each) =>
            found.some((entry) => JSON.stringify(entry) === JSON.stringify(each[0])),
          );
          assert.deepEqual(found, whole.flat());
          // A change makes at most the batch that it is in unreadable, and the one that follows if they are joined.
          const header = bytes.indexOf(10);
          if (!isCut && at > header) assert.ok(whole.length >= batches.length - 2);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('is that of one of the writers at the same time, as a whole', async () => {
    const contents = Array.from({ length: 6 }, () => batch(2500));
    await Promise.all(contents.map(async (content) => open().write(content)));
    const found = await read(open());
    assert.ok(contents.some((content) => JSON.stringify(content) === JSON.stringify(found)));
    assert.deepEqual(await readdir(home()), ['index.jsonl']);
  });

  for (const step of ['write', 'append', 'appendFlushed', 'rename'] as const)
    it(`stays as it was if a process cannot replace it (${step})`, async () => {
      const content = batch(3);
      await open().write(content);
      // The file may be written in part.
      const fail = async (file: string) => {
        await appendFile(file, '{');
        throw new Error('The disk is full.');
      };
      await assert.rejects(open('/runs', { ...disk, [step]: fail }).write(batch(1)));
      assert.deepEqual(await read(open()), content);
      assert.deepEqual(await readdir(home()), ['index.jsonl']);
    });

  it('is written without what killed processes have left, and with the files of others at work', async () => {
    const names = ['index.jsonl.1.tmp', 'index.jsonl.0a.tmp', 'others.1.tmp'];
    const long = new Date(Date.now() - 24 * 3_600_000);
    for (const name of names) {
      await writeFile(join(home(), name), '');
      await utimes(join(home(), name), long, long);
    }
    await writeFile(join(home(), 'index.jsonl.new.tmp'), '');
    await open().write(batch(1));
    assert.deepEqual((await readdir(home())).toSorted(), ['index.jsonl', 'index.jsonl.new.tmp', 'others.1.tmp']);
  });

  it('goes on after a batch that was torn off', async () => {
    const [first, lost, last] = [batch(2), batch(2), batch(2)];
    const file = open();
    await file.write(first);
    await appendFile(path(), '{"name":"torn');
    await file.append(lost);
    await file.append(last);
    assert.deepEqual(await read(open()), [...first, ...last]);
    await rm(path());
    assert.equal(await file.entries(), undefined, 'to be written as a whole');
  });
});
