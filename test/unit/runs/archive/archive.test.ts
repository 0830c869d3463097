import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { zipSync } from 'fflate';
import { say } from '../../../../src/phrases/phrase.ts';
import { disk } from '../../../../src/platform/files.ts';
import { checkRun } from '../../../../src/runs/archive/checkRun.ts';
import { importRunArchive, type ImportedRuns } from '../../../../src/runs/archive/importArchive.ts';
import { writeRunArchive } from '../../../../src/runs/archive/writeArchive.ts';
import { writeFolderAtomic } from '../../../../src/runs/atomic.ts';
import { RunLock } from '../../../../src/runs/lock.ts';
import { readRecord } from '../../../../src/runs/record.ts';
import { listRuns } from '../../../../src/runs/runStore.ts';
import { FaultyFiles } from '../../../fixtures/faultyFiles.ts';
import { errorWith } from '../../../harness/facts.ts';
import { exampleRecord, quickFiles, writeExample } from '../examples.ts';
import { temporaryFolder } from '../temporary.ts';

type Content = Readonly<Record<string, string | Uint8Array>>;

/** All files below a folder by their paths. */
async function contentOf(folder: string): Promise<Record<string, string>> {
  if (!existsSync(folder)) return {};
  const entries = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const paths = entries.map(({ parentPath, name }) => join(parentPath, name)).sort();
  return Object.fromEntries(
    await Promise.all(paths.map(async (path) => [path.slice(folder.length + 1), await readFile(path, 'hex')] as const)),
  );
}

async function writeAll(folder: string, content: Content): Promise<void> {
  for (const [path, data] of Object.entries(content)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), data);
  }
}

const idsOf = (found: ImportedRuns['imported']) => found.map(({ run, id }) => [run, id]);

describe('runs in an archive', function () {
  this.timeout(60_000);
  const home = temporaryFolder();
  const runs = () => join(home(), 'runs');
  const other = () => join(home(), 'other', 'runs');
  const archive = () => join(home(), 'runs.zip');

  /** A run with a model that has a manifest. */
  async function newRun(id: string, content: Content = {}, store = runs()): Promise<string> {
    const folder = await writeExample(store, exampleRecord(id));
    await writeFolderAtomic(join(folder, 'model'), { 'weights.bin': Uint8Array.of(1, 2, 3) }, quickFiles);
    await writeAll(folder, content);
    return folder;
  }

  /** The record of a run without a model, as another program would write it. */
  async function recordText(
    id: string,
    { parent, note = id }: { readonly parent?: string | undefined; readonly note?: string },
  ): Promise<string> {
    const before = parent === undefined ? null : { run: parent, reason: 'again' as const, changes: {} };
    const record = exampleRecord(id, { name: note, parent: before, state: 'stopped' });
    return readFile(join(await writeExample(join(home(), 'written'), record), 'run.json'), 'utf8');
  }

  const write = async (...folders: string[]) => writeRunArchive(folders, archive(), { files: quickFiles });
  const read = async (store = other()) => importRunArchive(archive(), store, { files: quickFiles });

  /** Writes an archive as another program would. */
  const pack = async (content: Content, options = {}) =>
    writeFile(
      archive(),
      zipSync(
        Object.fromEntries(Object.entries(content).map(([name, data]) => [name, Uint8Array.from(Buffer.from(data))])),
        options,
      ),
    );

  it('is checked without a whole model in memory', async () => {
    const folder = await newRun('large');
    const wholes: string[] = [];
    const read = async (path: string) => {
      wholes.push(path);
      return disk.read(path);
    };
    await checkRun(folder, { ...quickFiles, read });
    assert.deepEqual(wholes, []);
    await writeFile(join(folder, 'model', 'weights.bin'), Uint8Array.of(1, 2, 4));
    await assert.rejects(checkRun(folder, quickFiles), errorWith({ name: 'DamagedRunError' }, 'weights.bin'));
  });

  it('give the same store, byte for byte', async () => {
    const name = fc.stringMatching(/^[a-zäß][a-z0-9 äß]{0,4}[a-z]$/);
    const path = fc
      .tuple(fc.constantFrom('', 'data/', 'documents/', 'tensorboard/x/'), name)
      .map((all) => all.join(''));
    const size = fc.oneof({ weight: 9, arbitrary: fc.nat(300) }, { weight: 1, arbitrary: fc.nat(3_000_000) });
    const files = fc.dictionary(path, size, { maxKeys: 5, noNullPrototype: true });
    let count = 0;
    await fc.assert(
      fc.asyncProperty(fc.dictionary(name, files, { maxKeys: 4, noNullPrototype: true }), async (store) => {
        const [from, to] = [`from-${++count}`, `to-${count}`].map((each) => join(home(), each, 'runs'));
        const folders: string[] = [];
        for (const [id, sizes] of Object.entries(store)) {
          const content = Object.entries(sizes).map(([file, bytes]) => [file, new Uint8Array(bytes).fill(bytes)]);
          folders.push(await newRun(id, Object.fromEntries(content) as Content, from));
        }
        if (folders.length === 0) return;
        const { written, refused } = await write(...folders);
        assert.deepEqual({ written, refused }, { written: Object.keys(store), refused: [] });
        const found = await read(to);
        assert.deepEqual(found.refused, []);
        assert.deepEqual(await contentOf(to!), await contentOf(from!));
        assert.deepEqual((await readdir(dirname(to!))).sort(), ['runs']);
      }),
      { numRuns: 30 },
    );
  });

  it('are the same archive for the same runs, and none of the files of processes', async () => {
    const folder = await newRun('one', { 'documents/lock': 'a document', 'documents/a.1.tmp': 'another' });
    await write(folder);
    const before = await readFile(archive());
    await writeAll(folder, {
      lock: '1 - elsewhere',
      'lock.1.2.ab': '',
      'run.json.7.tmp': '{',
      'model.new/weights.bin': '',
      'checkpoints/step-1.old/x': '',
    });
    await symlink('/etc/hostname', join(folder, 'link'));
    await rm(join(folder, 'lock'));
    await write(folder);
    assert.deepEqual(await readFile(archive()), before);
    await read();
    assert.deepEqual(
      Object.keys(await contentOf(join(other(), 'one'))).filter((path) => path.startsWith('documents')),
      ['documents/a.1.tmp', 'documents/lock'],
    );
  });

  it('are skipped where the store has them, whatever the user has added', async () => {
    const [one, two] = [await newRun('one'), await newRun('two')];
    await write(one, two);
    await writeFile(join(one, 'note.md'), 'mine');
    const before = await contentOf(runs());
    const { imported, skipped } = await read(runs());
    assert.deepEqual(
      [imported, idsOf(skipped)],
      [
        [],
        [
          ['one', 'one'],
          ['two', 'two'],
        ],
      ],
    );
    assert.deepEqual(await contentOf(runs()), before);
  });

  it('get a new id where another run has theirs, and so do the runs that name them; a second time, they are skipped', async () => {
    const parent = await newRun('a-parent', { 'data/x': 'theirs' });
    const child = await writeExample(
      runs(),
      exampleRecord('child', { parent: { run: 'a-parent', reason: 'again', changes: {} }, state: 'stopped' }),
    );
    await write(parent, child);
    await newRun('a-parent', { 'data/x': 'mine' }, other());
    const mine = await contentOf(join(other(), 'a-parent'));
    assert.deepEqual(idsOf((await read()).imported), [
      ['a-parent', 'a-parent-2'],
      ['child', 'child'],
    ]);
    assert.deepEqual(await contentOf(join(other(), 'a-parent')), mine);
    const [{ id, notices }, { parent: named }] = [
      await readRecord(join(other(), 'a-parent-2')),
      await readRecord(join(other(), 'child')),
    ];
    assert.deepEqual([id, notices, named?.run], ['a-parent-2', [], 'a-parent-2']);
    const again = await read();
    assert.deepEqual(
      [again.imported, idsOf(again.skipped)],
      [
        [],
        [
          ['a-parent', 'a-parent-2'],
          ['child', 'child'],
        ],
      ],
    );
  });

  it('name the runs that came with them, whatever their names and wherever they are in the archive', async () => {
    const ids = ['a', 'b', 'c', 'd'] as const;
    let count = 0;
    const forest = fc.record({
      // Index of the run before; none for one of a higher index, which would be a circle. Ids are shuffled.
      parents: fc.tuple(...ids.map((_, index) => fc.integer({ min: -1, max: index - 1 }))),
      order: fc.shuffledSubarray([...ids], { minLength: ids.length }),
      taken: fc.subarray([...ids]),
      folders: fc.subarray(['x', 'y'], { minLength: 1 }),
    });
    await fc.assert(
      fc.asyncProperty(forest, async ({ parents, order, taken, folders }) => {
        const store = join(home(), `forest-${++count}`, 'runs');
        for (const id of taken) await newRun(id, { 'data/x': 'mine' }, store);
        const content: Record<string, Uint8Array> = {};
        for (const folder of folders)
          for (const [index, id] of order.entries()) {
            const parent = order[parents[index] ?? -1];
            const text = await recordText(id, { parent, note: `${folder}/${id}` });
            content[`${folder}/${id}/run.json`] = Buffer.from(text);
          }
        await writeFile(archive(), zipSync(content));
        const { refused } = await read(store);
        assert.deepEqual(refused, []);
        const { runs: found } = await listRuns(store);
        const named = found.map(({ record }) => record).filter(({ name }) => name.includes('/'));
        assert.equal(named.length, ids.length * folders.length);
        const nameOf = new Map(named.map(({ id, name }) => [id, name]));
        for (const { name, parent } of named) {
          const [folder, id] = name.split('/');
          const before = order[parents[order.indexOf(id as (typeof ids)[number])] ?? -1];
          assert.equal(
            parent ? nameOf.get(parent.run) : undefined,
            before === undefined ? undefined : `${folder}/${before}`,
          );
        }
      }),
      { numRuns: 20 },
    );
  });

  it('are refused where they name each other in a circle', async () => {
    await pack({
      'a/run.json': await recordText('a', { parent: 'b' }),
      'b/run.json': await recordText('b', { parent: 'a' }),
      'c/run.json': await recordText('c', { parent: 'c' }),
    });
    const { imported, refused } = await read();
    assert.deepEqual(
      refused.map(({ run }) => run),
      ['b'],
    );
    assert.deepEqual(idsOf(imported).sort(), [
      ['a', 'a'],
      ['c', 'c'],
    ]);
  });

  it('stay while another import unpacks them, also one of another computer', async () => {
    await write(await newRun('one'));
    const [living, abandoned] = [join(home(), 'other', '.importing-1-aa'), join(home(), 'other', '.importing-1-bb')];
    for (const folder of [living, abandoned]) await writeAll(folder, { 'run/run.json': '{' });
    await writeFile(join(living, 'lock'), '4000000 - elsewhere');
    await read();
    assert.deepEqual((await readdir(join(home(), 'other'))).sort(), ['.importing-1-aa', 'runs']);
    // It was touched more than a minute ago.
    await utimes(join(living, 'lock'), 1, 1);
    await read();
    assert.deepEqual(await readdir(join(home(), 'other')), ['runs']);
  });

  it('are refused if a folder of them lacks its hashes or a file, or has one more, unless no version wrote hashes then', async () => {
    const folder = await newRun('bad');
    const content = await contentOf(folder);
    const bytes = Object.fromEntries(Object.entries(content).map(([path, hex]) => [path, Buffer.from(hex, 'hex')]));
    const without = (pattern: RegExp) =>
      Object.fromEntries(Object.entries(bytes).filter(([path]) => !pattern.test(path)));
    const strange: readonly (readonly [string, Content])[] = [
      ['integrity.json', without(/integrity/)],
      ['weights.bin', without(/weights/)],
      ['model', without(/^model/)],
      ['extra.bin', { ...bytes, 'model/extra.bin': 'x' }],
      ['extra.bin', { ...bytes, 'model/deep/extra.bin': 'x' }],
      ['step-5', { ...bytes, 'checkpoints/step-5/tensors.bin': 'x' }],
    ];
    for (const [named, files] of strange) {
      await pack(Object.fromEntries(Object.entries(files).map(([path, data]) => [`bad/${path}`, data])));
      const { imported, refused } = await read();
      assert.deepEqual([imported.length, refused.length], [0, 1], named);
      assert.ok(say(refused[0]!.reason).includes(named), say(refused[0]!.reason));
      await rm(runs(), { recursive: true });
      await writeAll(join(runs(), 'bad'), files);
      assert.deepEqual((await write(join(runs(), 'bad'))).written, [], named);
    }
    const record = JSON.parse(bytes['run.json']!.toString()) as Record<string, unknown>;
    const earlier = { ...without(/integrity/), 'run.json': JSON.stringify({ ...record, sha256: undefined }) };
    await rm(runs(), { recursive: true });
    await writeAll(join(runs(), 'bad'), earlier);
    assert.deepEqual((await write(join(runs(), 'bad'))).written, ['bad']);
    assert.equal((await read()).imported.length, 1);
  });

  it('are refused by name if a file is damaged, and the others come in', async () => {
    const folders = [await newRun('bad'), await newRun('good')];
    await write(...folders);
    const bytes = await readFile(archive());
    // The weights of the first run.
    const at = bytes.indexOf(Uint8Array.of(1, 2, 3));
    bytes[at] = 9;
    await writeFile(archive(), bytes);
    const { imported, refused } = await read();
    assert.deepEqual([idsOf(imported), refused.map(({ run }) => run)], [[['good', 'good']], ['bad']]);
    assert.deepEqual(await readdir(other()), ['good']);
  });

  it('are refused if they do not fit their hashes, also at the export', async () => {
    const changes: Content = { 'model/weights.bin': 'xyz', 'run.json': 'x', 'probes/step-1.json': '{}' };
    for (const [path, data] of Object.entries(changes)) {
      const folder = await newRun('bad');
      const content = await contentOf(folder);
      await writeAll(folder, { [path]: data });
      const exported = await write(folder, await newRun('good'));
      assert.deepEqual([exported.written, exported.refused.map(({ run }) => run)], [['good'], ['bad']], path);
      const packed = Object.entries({ ...content, [path]: Buffer.from(data).toString('hex') });
      await pack(Object.fromEntries(packed.map(([name, hex]) => [`bad/${name}`, Buffer.from(hex, 'hex')])));
      assert.deepEqual(
        (await read()).refused.map(({ run }) => run),
        ['bad'],
        path,
      );
      assert.deepEqual(await contentOf(other()), {});
      await rm(runs(), { recursive: true });
    }
  });

  it('leave the file that was there if no run is whole', async () => {
    const folder = await newRun('bad');
    await writeAll(folder, { 'model/weights.bin': 'xyz' });
    await writeAll(home(), { 'target/runs.zip': 'before' });
    const target = join(home(), 'target', 'runs.zip');
    const { written, refused } = await writeRunArchive([folder], target);
    assert.deepEqual([written.length, refused.length, (await readFile(target)).toString()], [0, 1, 'before']);
    assert.deepEqual(await readdir(dirname(target)), ['runs.zip']);
  });

  it('refuse names that leave their folder, meet on some systems, or are no files', async () => {
    const record = await recordText('one', {});
    const outside: readonly Content[] = [
      { '../run.json': record },
      { '/one/run.json': record },
      { 'C:/run.json': record },
    ];
    for (const content of outside) {
      await pack(content);
      await assert.rejects(read(), errorWith({ name: 'UnusableError' }, 'runs.zip'));
    }
    const strange: readonly Content[] = [
      { '.hidden/run.json': record },
      { 'con/run.json': record },
      { 'a\u0001/run.json': record },
      { [`${'a'.repeat(201)}/run.json`]: record },
      { 'a /run.json': record },
      { 'a/run.json': record, 'a/NOTE.md': '', 'a/note.md': '' },
      { 'a/run.json': record, 'a/./x': '' },
      { 'a/run.json': record, 'a/b//x': '' },
      { 'a/run.json': record, 'a/model': '', 'a/model/x': '' },
      { 'a/run.json': record, 'a/nul.txt': '' },
    ];
    for (const content of strange) {
      await pack(content);
      const { imported, refused } = await read();
      assert.deepEqual([imported.length, refused.length], [0, 1], Object.keys(content).join());
      assert.ok(!/Error|undefined/.test(say(refused[0]!.reason)));
      assert.deepEqual(await readdir(other()), []);
    }
    const isLink = zipSync({
      'a/run.json': Buffer.from(record),
      'a/x': [Buffer.from('/etc'), { os: 3, attrs: 0o120777 << 16 }],
    });
    await writeFile(archive(), isLink);
    assert.equal((await read()).refused.length, 1);
    for (const name of ['CON', 'nul', 'com1.txt', 'LPT9.tar.gz', 'aux .txt', 'COM¹', 'conin$', 'con:x']) {
      for (const path of [`data/${name}`, `documents/a/${name}`, `documents/${name}/a.txt`]) {
        await pack({ 'a/run.json': record, [`a/${path}`]: '' });
        assert.equal((await read()).refused.length, 1, path);
        const folder = await newRun('strange', { [path]: '' });
        assert.deepEqual((await write(folder)).written, [], path);
        await rm(folder, { recursive: true });
      }
    }
    await pack({ 'readme.md': 'no runs' });
    await assert.rejects(read(), errorWith({ name: 'UnusableError' }, 'runs.zip'));
  });

  it('ignore what is in no run, and take no lock', async () => {
    const record = await recordText('one', {});
    await pack({ 'readme.md': '', 'all/one/run.json': record, 'all/one/lock': '1', 'all/one/data/run.json': record });
    assert.deepEqual(idsOf((await read()).imported), [['one', 'one']]);
    assert.deepEqual(Object.keys(await contentOf(other())), ['one/data/run.json', 'one/run.json']);
  });

  it('are whole or absent, whichever operation of an import fails', async () => {
    await write(await newRun('one'), await newRun('two', { 'data/x': 'y' }));
    const whole = await contentOf(runs());
    for (const fault of ['fails', 'stops'] as const) {
      for (let at = 0; ; at++) {
        const store = join(home(), `${fault}-${at}`, 'runs');
        const files = new FaultyFiles(at, fault);
        await importRunArchive(archive(), store, { files }).catch(() => undefined);
        const { unreadable, runs: found } = await listRuns(store);
        assert.deepEqual(unreadable, []);
        for (const { folder } of found) {
          const id = folder.slice(store.length + 1);
          const expected = Object.entries(whole).filter(([path]) => path.startsWith(`${id}/`));
          assert.deepEqual(
            Object.entries(await contentOf(store)).filter(([path]) => path.startsWith(`${id}/`)),
            expected,
          );
        }
        if (fault === 'fails')
          assert.deepEqual(
            (await readdir(dirname(store)).catch(() => [])).filter((name) => name !== 'runs'),
            [],
          );
        if (!files.reached) break;
      }
    }
  });

  it('leave the archive that was there, whichever operation of an export fails', async () => {
    const folder = await newRun('one');
    const target = join(home(), 'target', 'runs.zip');
    await writeAll(dirname(target), { 'runs.zip': 'before' });
    for (let at = 0; ; at++) {
      const files = new FaultyFiles(at);
      const error = await writeRunArchive([folder], target, { files }).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      if (!files.reached) break;
      const bytes = await readFile(target);
      if (error !== undefined && bytes.toString() === 'before')
        assert.deepEqual(await readdir(dirname(target)), ['runs.zip']);
      await writeFile(target, 'before');
    }
    assert.equal((await readFile(target)).subarray(0, 2).toString(), 'PK');
  });

  it('end with a signal, and leave nothing behind', async () => {
    const folders = [await newRun('one'), await newRun('two')];
    const canceled = new AbortController();
    const tell = (_: string, index: number) => {
      if (index === 1) canceled.abort();
    };
    await assert.rejects(
      writeRunArchive(folders, archive(), {
        files: quickFiles,
        signal: canceled.signal,
        tell,
      }),
    );
    assert.deepEqual(await readdir(home()), ['runs']);
  });

  it('of a store where they are renamed by hand keep the name of their folder', async () => {
    const folder = await newRun('one');
    await rename(folder, join(runs(), 'renamed'));
    await write(join(runs(), 'renamed'));
    assert.deepEqual(idsOf((await read()).imported), [['renamed', 'renamed']]);
    assert.deepEqual(await contentOf(other()), await contentOf(runs()));
  });

  it('that are held by a trainer without a checkpoint begin at the first step', async () => {
    const folder = await newRun('one', { 'metrics.jsonl': '{"step":1}\n' });
    const lock = await RunLock.acquire(folder, disk);
    try {
      assert.deepEqual((await write(folder)).written, ['one']);
    } finally {
      await lock.release();
    }
    await read();
    assert.ok(!existsSync(join(other(), 'one', 'metrics.jsonl')));
    assert.ok(!existsSync(join(other(), 'one', 'lock')));
  });
});
