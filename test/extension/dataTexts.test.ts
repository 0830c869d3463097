import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { rm } from 'node:fs/promises';
import * as vscode from 'vscode';
import { parseRunConfig } from '../../src/config/parse.ts';
import { DataTexts } from '../../src/host/comparison/dataTexts.ts';
import type { RemoteTrainer } from '../../src/protocol/trainer.ts';
import type { RunRecord } from '../../src/runs/record.ts';
import { closeEditors, writeText } from './support.ts';

const TEXT = 'ä line\nanother line\n';
// What is read of a record is its configuration.
const run = { config: parseRunConfig({}) } as RunRecord;

/** Texts of data with a trainer that answers with a text, and the number of its requests. */
function textsWith(answer: string | null): { readonly texts: DataTexts; readonly requests: () => number } {
  let requests = 0;
  const remote = { storedText: async () => Promise.resolve(answer) } as unknown as RemoteTrainer;
  const texts = new DataTexts(async (request) => {
    requests++;
    return request(remote);
  });
  return { texts, requests: () => requests };
}

describe('texts of the data of runs', () => {
  const made: vscode.Disposable[] = [];
  const textsOf = (answer: string | null) => {
    const found = textsWith(answer);
    made.push(found.texts.registration);
    return found;
  };
  afterEach(async () => {
    await closeEditors();
    for (const each of made.splice(0)) each.dispose();
  });

  it('are documents with the content of a text file, which no trainer reads', async () => {
    const path = await writeText('a b#1.txt', TEXT);
    const { texts, requests } = textsOf(null);
    const document = await vscode.workspace.openTextDocument(texts.uriOf(path, run));
    assert.equal(document.getText(), TEXT);
    assert.equal(requests(), 0);
    // A document of another scheme than "file" cannot be saved over the data.
    assert.notEqual(document.uri.scheme, 'file');
  });

  it('are two documents for two files of the same name', async () => {
    const { texts } = textsOf(null);
    const uris = [texts.uriOf(await writeText('x.txt', 'one'), run), texts.uriOf(await writeText('x.txt', 'two'), run)];
    const contents = await Promise.all(
      uris.map(async (uri) => (await vscode.workspace.openTextDocument(uri)).getText()),
    );
    assert.deepEqual(contents, ['one', 'two']);
  });

  it('are those of a trainer for files that are packed, in another encoding, or bytes', async () => {
    const { texts, requests } = textsOf('unpacked');
    const files: readonly (readonly [string, Uint8Array])[] = [
      ['a.txt.gz', gzipSync(TEXT)],
      ['b.txt', Buffer.from(TEXT, 'latin1')],
      ['c.txt', Buffer.from(`\ufeff${TEXT}`, 'utf16le')],
      ['d.bin', Buffer.from([0, 1, 2, 3])],
    ];
    for (const [name, bytes] of files) {
      const document = await vscode.workspace.openTextDocument(texts.uriOf(await writeText(name, bytes), run));
      assert.equal(document.getText(), 'unpacked', name);
    }
    assert.equal(requests(), files.length);
  });

  it('begin as text if a character is cut at the end of what is examined', async () => {
    const { texts, requests } = textsOf(null);
    for (let start = 12; start < 17; start++) {
      const text = `${'a'.repeat(start)}😀 and more\n`;
      assert.equal(await texts.textOf(await writeText('cut.txt', text), run), text);
    }
    assert.equal(requests(), 0);
  });

  it('are refused if they are too large, gone, or were not asked for', async () => {
    const { texts } = textsOf(null);
    const large = texts.uriOf(await writeText('large.zip', Buffer.from([0x50, 0x4b, 3, 4, 0])), run);
    await assert.rejects(texts.provideTextDocumentContent(large), /large\.zip/);
    const path = await writeText('gone.txt', TEXT);
    const gone = texts.uriOf(path, run);
    await rm(path);
    await assert.rejects(texts.provideTextDocumentContent(gone), { code: 'ENOENT' });
    await assert.rejects(texts.provideTextDocumentContent(vscode.Uri.file('/etc/passwd')));
    await assert.rejects(texts.provideTextDocumentContent(gone.with({ query: '/etc/passwd' })));
  });
});
