import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { readTextFolder, type TextFolder } from '../../../../src/data/labeled/textFolder.ts';
import { inputError } from '../helpers.ts';
import { sharedData } from '../sharedData.ts';
import { assertNames } from '../../../harness/facts.ts';

describe('reader of folders of texts', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'text-folder-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const write = async (files: Record<string, string | Uint8Array>): Promise<void> => {
    for (const [name, content] of Object.entries(files)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), content);
    }
  };
  const rows = ({ items }: TextFolder): string[] =>
    items.map(({ file, line, label, text }) => `${relative(folder, file)}:${line} ${label} ${text}`);

  it('reads each file in the folder of a class as a text', async () => {
    await write({ 'pos/1.txt': 'Good.\nVery good.\n', 'neg/2.txt': 'Bad.', 'neg/10.txt': 'Worse.' });
    const found = await readTextFolder(folder);
    assert.deepEqual(found.layout, { label: 'folder', text: 'file' });
    assert.deepEqual(found.labels, ['neg', 'pos']);
    assert.deepEqual(rows(found), [
      'neg/10.txt:1 neg Worse.',
      'neg/2.txt:1 neg Bad.',
      'pos/1.txt:1 pos Good.\nVery good.\n',
    ]);
    assert.deepEqual(found.problems, []);
  });

  it('reads each line in the file of a class as a text', async () => {
    await write({ 'Irish.txt': 'Adam\r\n\nAhearn\n', 'Czech.txt': 'Abl' });
    const found = await readTextFolder(folder);
    assert.deepEqual(found.layout, { label: 'file', text: 'line' });
    assert.deepEqual(rows(found), ['Czech.txt:1 Czech Abl', 'Irish.txt:1 Irish Adam', 'Irish.txt:3 Irish Ahearn']);
  });

  it('reads another layout on request', async () => {
    await write({ 'spam/1.txt': 'one\ntwo', 'a.txt': 'a whole\ntext' });
    assert.deepEqual(rows(await readTextFolder(folder, { layout: { label: 'folder', text: 'line' } })), [
      'spam/1.txt:1 spam one',
      'spam/1.txt:2 spam two',
    ]);
    assert.deepEqual(rows(await readTextFolder(folder, { layout: { label: 'file', text: 'file' } })), [
      'a.txt:1 a a whole\ntext',
    ]);
  });

  it('reports skipped files with the reason, but not a license or a read-me', async () => {
    await write({
      'pos/1.txt': 'Good.',
      'pos/2.txt': ' \n',
      'pos/3.txt': Uint8Array.of(0, 1, 2, 0),
      'pos/4.csv': 'x',
      'pos/deep/5.txt': 'x',
      'README.txt': 'x',
      LICENSE: 'x',
      'readme.md': 'x',
      notes: 'x',
    });
    await symlink(join(folder, 'pos', '1.txt'), join(folder, 'pos', '6.txt'));
    const found = await readTextFolder(folder);
    assert.deepEqual(rows(found), ['pos/1.txt:1 pos Good.']);
    const leftOut = found.problems.map(({ file }) => relative(folder, file)).sort();
    const others = ['README.txt', 'notes', 'pos/2.txt', 'pos/3.txt', 'pos/4.csv', 'pos/6.txt', 'pos/deep'];
    assert.deepEqual(leftOut, others);
    for (const { file, reason } of found.problems) {
      assert.notEqual(reason, '');
      if (/notes|csv$/.test(file)) assertNames(reason, '.txt');
    }
  });

  it('reads a line of a million characters, and UTF-16', async () => {
    await write({ 'long.txt': 'x'.repeat(1_000_000), 'wide.txt': Buffer.from('\uFEFFé\n', 'utf16le') });
    const { items } = await readTextFolder(folder);
    assert.deepEqual(
      items.map(({ text }) => text.length),
      [1_000_000, 1],
    );
    assert.equal(items[1]?.text, 'é');
  });

  it('reads more lines of a file than a call has room for arguments', async () => {
    await write({ 'many.txt': 'x\n'.repeat(150_000), 'few.txt': 'y\n' });
    assert.equal((await readTextFolder(folder)).items.length, 150_001);
  });

  it('rejects a folder without texts, a file and a missing folder', async () => {
    await assert.rejects(readTextFolder(folder), inputError('empty', folder));
    await write({ 'data.csv': 'x' });
    await assert.rejects(readTextFolder(folder), inputError('empty', folder, 'data.csv'));
    await assert.rejects(readTextFolder(join(folder, 'data.csv')), inputError('not-a-folder', 'data.csv'));
    await assert.rejects(readTextFolder(join(folder, 'nowhere')), inputError('not-found', 'nowhere'));
  });

  it('reads the names of eighteen languages', async function () {
    const { labels, items, problems } = await readTextFolder(dirname(sharedData(this, 'names', 'Arabic.txt')));
    assert.deepEqual([labels.length, items.length], [18, 15_997]);
    assert.deepEqual(problems, []);
  });
});
