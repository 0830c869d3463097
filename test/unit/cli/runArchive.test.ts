import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { copyFolder } from '../../../src/config/copiedPath.ts';
import { writeFolderAtomic } from '../../../src/runs/atomic.ts';
import { trashRun } from '../../../src/runs/trash.ts';
import { assertNames } from '../../harness/facts.ts';
import { exampleRecord, quickFiles, writeExample } from '../runs/examples.ts';
import { temporaryFolder } from '../runs/temporary.ts';

const cli = fileURLToPath(new URL('../../../src/cli.ts', import.meta.url));

const renamed = z.array(z.strictObject({ run: z.string(), id: z.string() }));
const refusedRuns = z.array(z.strictObject({ run: z.string(), reason: z.string().min(1) }));
const exportAnswer = z.strictObject({ written: z.array(z.string()), refused: refusedRuns });
const importAnswer = z.strictObject({ imported: renamed, skipped: renamed, refused: refusedRuns });
const spaceRow = z.strictObject({
  id: z.string(),
  bytes: z.int().positive(),
  place: z.enum(['', 'archived', 'trash', 'unused copy']),
  folder: z.string(),
});

describe('sequence-lab runs export, import and space', function () {
  this.timeout(300_000);
  const home = temporaryFolder();
  const archive = () => join(home(), 'target', 'runs.zip');

  beforeEach(async () => mkdir(join(home(), 'target')));

  /** A run with a model, and more files of one byte. */
  async function newRun(id: string, files = 0): Promise<string> {
    const folder = await writeExample(join(home(), 'runs'), exampleRecord(id));
    await writeFolderAtomic(join(folder, 'model'), { 'weights.bin': Uint8Array.of(1, 2, 3) }, quickFiles);
    await mkdir(join(folder, 'documents'));
    for (let index = 0; index < files; index++) await writeFile(join(folder, 'documents', String(index)), 'x');
    return folder;
  }

  /** Runs a command. @param meanwhile gets a function that interrupts it */
  async function run(
    args: readonly string[],
    { store = home(), meanwhile }: { store?: string; meanwhile?: (interrupt: () => void) => Promise<void> } = {},
  ) {
    const child = spawn(process.execPath, [cli, 'runs', ...args], {
      env: { ...process.env, SEQUENCE_LAB_HOME: store },
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (data: Buffer) => (stdout += String(data)));
    child.stderr.on('data', (data: Buffer) => (stderr += String(data)));
    const over = new Promise<number | null>((resolve) => child.once('close', resolve));
    await Promise.race([over, meanwhile?.(() => child.kill('SIGINT'))].filter((each) => each !== undefined));
    return { code: await over, stdout, stderr };
  }

  /** Waits until a folder has an entry with a beginning. */
  async function untilThere(folder: string, beginning: string): Promise<void> {
    while (!(await readdir(folder).catch(() => [])).some((name) => name.startsWith(beginning))) await sleep(2);
  }

  it('take runs to another store, and say which in JSON', async () => {
    await newRun('one');
    await newRun('two');
    const exported = await run(['export', '--all', '--out', archive(), '--json']);
    assert.deepEqual([exported.code, exported.stderr], [0, '']);
    assert.deepEqual(exportAnswer.parse(JSON.parse(exported.stdout)).written.sort(), ['one', 'two']);
    const store = join(home(), 'other');
    const both = ['one', 'two'].map((id) => ({ run: id, id }));
    for (const key of ['imported', 'skipped'] as const) {
      const { code, stdout } = await run(['import', archive(), '--json'], { store });
      const answer = importAnswer.parse(JSON.parse(stdout));
      assert.deepEqual([code, answer], [0, { imported: [], skipped: [], refused: [], [key]: both }]);
    }
    assert.equal((await run(['import', archive()], { store: join(home(), 'third') })).code, 0);
  });

  it('end with 1 if a run is left out, and name it', async () => {
    await newRun('good');
    await writeFile(join(await newRun('bad'), 'model', 'weights.bin'), 'xyz');
    const { code, stdout } = await run(['export', '--all', '--out', archive(), '--json']);
    const { written, refused } = exportAnswer.parse(JSON.parse(stdout));
    assert.deepEqual([code, written, refused.map((each) => each.run)], [1, ['good'], ['bad']]);
    const bytes = await readFile(archive());
    bytes[bytes.indexOf(Uint8Array.of(1, 2, 3))] = 9;
    await writeFile(archive(), bytes);
    const found = await run(['import', archive(), '--json'], { store: join(home(), 'other') });
    const answer = importAnswer.parse(JSON.parse(found.stdout));
    assert.deepEqual([found.code, answer.imported, answer.refused.map((each) => each.run)], [1, [], ['good']]);
  });

  it('refuse wrong input with 2, and write nothing', async () => {
    await newRun('one');
    const there = join(home(), 'there.zip');
    await writeFile(there, 'before');
    const cases: readonly (readonly [readonly string[], string])[] = [
      [['export', '--all', '--out', there], there],
      [['export', 'nothing', '--out', archive()], 'nothing'],
      [['export', 'one'], '--out'],
      [['export', '--filter', 'cell =', '--out', archive()], 'cell ='],
      [['import'], 'file'],
      [['import', there], 'there.zip'],
      [['space', '--colour'], '--colour'],
    ];
    for (const [args, named] of cases) {
      const { code, stdout, stderr } = await run(args);
      assert.deepEqual([code, stdout], [2, ''], `${args.join(' ')}: ${stderr}`);
      assertNames(stderr, named);
    }
    assert.equal((await readFile(there)).toString(), 'before');
    assert.deepEqual(await readdir(join(home(), 'target')), []);
    assert.equal((await run(['export', '--all', '--force', '--out', there])).code, 0);
    assert.equal((await readFile(there)).subarray(0, 2).toString(), 'PK');
  });

  it('list the sizes of runs, of those in the trash and of unused copies of data', async () => {
    await newRun('small');
    await newRun('large', 500);
    await trashRun(await newRun('deleted'));
    const copy = copyFolder(home(), 'a'.repeat(64));
    await mkdir(copy, { recursive: true });
    await writeFile(join(copy, 'copied.txt'), 'x');
    const { code, stdout } = await run(['space', '--json']);
    const rows = stdout
      .trim()
      .split('\n')
      .map((line) => spaceRow.parse(JSON.parse(line)));
    assert.equal(code, 0);
    assert.deepEqual(rows.map(({ id, place }) => [id, place]).sort(), [
      ['copied.txt', 'unused copy'],
      ['deleted', 'trash'],
      ['large', ''],
      ['small', ''],
    ]);
    assert.deepEqual(
      rows,
      rows.toSorted((a, b) => b.bytes - a.bytes),
    );
    assert.deepEqual(
      [rows[0]!.id, rows[0]!.bytes - rows.find(({ id }) => id === 'small')!.bytes > 490],
      ['large', true],
    );
    assert.equal((await run(['space'], { store: join(home(), 'empty') })).code, 0);
  });

  it('leave nothing behind when they are interrupted', async function () {
    if (process.platform === 'win32') this.skip();
    await newRun('many', 3000);
    const target = join(home(), 'target');
    const exported = await run(['export', 'many', '--out', archive()], {
      meanwhile: async (interrupt) => {
        await untilThere(target, '.');
        interrupt();
      },
    });
    assert.deepEqual([exported.code, await readdir(target)], [130, []], exported.stderr);
    assert.equal((await run(['export', 'many', '--out', archive()])).code, 0);
    const store = join(home(), 'other');
    const imported = await run(['import', archive()], {
      store,
      meanwhile: async (interrupt) => {
        await untilThere(store, '.');
        interrupt();
      },
    });
    assert.deepEqual([imported.code, await readdir(store), await readdir(join(store, 'runs'))], [130, ['runs'], []]);
    await rm(store, { recursive: true });
  });
});
