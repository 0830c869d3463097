import assert from 'node:assert/strict';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { parseRunConfig } from '../../src/config/parse.ts';
import type { InputErrorCode } from '../../src/data/inputError.ts';
import type { Lab } from '../../src/host/lab.ts';
import {
  openLab,
  openPanels,
  runFolders,
  runPressingEnter,
  small,
  until,
  useSmallSettings,
  writeText,
} from './support.ts';
import { errorWith } from '../harness/facts.ts';

const bad: { what: string; content: string | Uint8Array; code: InputErrorCode }[] = [
  { what: 'a binary file', content: Uint8Array.from({ length: 4096 }, (_, i) => (i * 37) % 251), code: 'binary' },
  { what: 'an empty file', content: '', code: 'empty' },
  { what: 'a file shorter than one sequence', content: 'too short', code: 'too-short' },
];

describe('unusable text', function () {
  this.timeout(60_000);
  let lab: Lab;
  let restore: () => Promise<void>;

  before(async () => {
    lab = await openLab();
    restore = await useSmallSettings();
  });

  after(async () => restore());

  for (const { what, content, code } of bad) {
    it(`(${what}) is rejected with a message that names it, and leaves no files behind`, async () => {
      const path = await writeText('unusable.txt', content);
      const before = await runFolders(lab);
      const { run, ready } = lab.runs.start({
        config: parseRunConfig(small),
        name: 'unusable.txt',
        source: { kind: 'file', path },
      });
      await assert.rejects(ready, errorWith({ name: 'InputError', code }, 'unusable.txt'));
      assert.equal(lab.runs.run(run.id), undefined);
      assert.deepEqual(await runFolders(lab), before);
    });

    it(`(${what}) opens no panel`, async () => {
      const uri = vscode.Uri.file(await writeText('unusable.txt', content));
      const before = await runFolders(lab);
      assert.equal(await runPressingEnter('sequenceLab.trainLstmOnFile', uri), undefined);
      await until('its panel is closed', () => openPanels('unusable.txt').length === 0);
      assert.deepEqual(await runFolders(lab), before);
    });
  }

  it('(a missing file) is rejected with its name', async () => {
    const path = join('/', 'nowhere', 'missing.txt');
    const { ready } = lab.runs.start({
      config: parseRunConfig(small),
      name: 'missing.txt',
      source: { kind: 'file', path },
    });
    await assert.rejects(ready, /missing\.txt/);
  });
});
