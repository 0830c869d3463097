import assert from 'node:assert/strict';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { disk } from '../../../../src/platform/files.ts';
import { UNFINISHED } from '../../../../src/runs/atomic.ts';
import { outdatedFiles } from '../../../../src/worker/portable/exportFolder.ts';
import { errorWith } from '../../../harness/facts.ts';
import { temporaryFolder } from '../../runs/temporary.ts';

const NAMES = ['config.json', 'model.onnx', 'README.md'];

describe('folder of an export', () => {
  const home = temporaryFolder();
  const checked = async (folder: string, replace = true) => outdatedFiles(folder, { names: NAMES, replace }, disk);
  const refused = (...facts: string[]) => errorWith({ name: 'UnusableError' }, ...facts);
  const write = async (folder: string, contents: Readonly<Record<string, string>>) => {
    await mkdir(folder, { recursive: true });
    for (const [name, content] of Object.entries(contents)) await writeFile(join(folder, name), content);
  };
  const earlier = (files: readonly unknown[]) => ({
    'config.json': JSON.stringify({ version: 1, task: 'language-model', weights: [], files }),
  });

  it('is a new or an empty one', async () => {
    assert.deepEqual(await checked(join(home(), 'new'), false), []);
    assert.deepEqual(await checked(home(), false), []);
  });

  it('has no files of others, also when those of an export may be replaced', async () => {
    const folder = join(home(), 'project');
    for (const contents of [
      { 'model.pt': 'mine' },
      { 'config.json': '{"model_type": "lstm"}' },
      { 'config.json': '[' },
    ]) {
      await write(folder, contents);
      await assert.rejects(checked(folder), refused(folder));
    }
    assert.deepEqual((await readdir(folder)).sort(), ['config.json', 'model.pt']);
  });

  it('is that of an earlier export only if it may be replaced, of whose files the new one lacks some', async () => {
    const folder = join(home(), 'export');
    const old = ['config.json', 'model.json', 'weights-1of2.bin', 'weights-2of2.bin', 'gone.json', 'README.md'];
    await write(folder, { ...Object.fromEntries(old.map((name) => [name, ''])), ...earlier(old), 'notes.txt': 'mine' });
    await disk.remove(join(folder, 'gone.json'));
    await assert.rejects(checked(folder, false), errorWith({ name: 'UnusableError', option: 'force' }, folder));
    assert.deepEqual(await checked(folder), ['model.json', 'weights-1of2.bin', 'weights-2of2.bin']);
    await write(folder, { 'model.onnx': 'mine' });
    await assert.rejects(checked(folder), refused('model.onnx'));
  });

  it('is not cleared of files elsewhere', async () => {
    for (const name of ['../other.txt', '/etc/hosts', '..', 'a/b', 'a\\b', 3, '']) {
      await write(home(), earlier([name]));
      await assert.rejects(checked(home()), refused(home()));
    }
  });

  it('keeps the folders that a forged list of files names, and loses what a killed export has left', async () => {
    const folder = join(home(), 'export');
    await write(join(folder, 'src'), { 'main.ts': 'mine' });
    await write(folder, earlier(['src', 'model.pt']));
    assert.deepEqual(await checked(folder), []);
    const left = `${UNFINISHED}1`;
    await mkdir(join(folder, left));
    assert.deepEqual(await checked(folder), [left]);
    await mkdir(join(home(), 'new', left), { recursive: true });
    assert.deepEqual(await checked(join(home(), 'new'), false), [left]);
    await mkdir(join(folder, 'model.onnx'));
    await write(folder, earlier(NAMES));
    await assert.rejects(checked(folder), refused('model.onnx'));
  });

  it('is not in the folder of a run', async () => {
    const run = join(home(), 'run');
    await write(run, { 'run.json': '{}' });
    for (const folder of [run, join(run, 'model'), join(run, 'new', 'export')])
      await assert.rejects(checked(folder), refused(run));
  });
});
