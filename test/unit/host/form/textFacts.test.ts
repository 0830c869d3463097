import assert from 'node:assert/strict';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { parseRunConfig } from '../../../../src/config/parse.ts';
import { isLongEnough, tokensNeeded } from '../../../../src/config/textLength.ts';
import { loadCorpus } from '../../../../src/data/corpus.ts';
import { readTextFacts } from '../../../../src/host/form/readTextFacts.ts';
import { textProblem } from '../../../../src/protocol/textFacts.ts';
import { draftOf } from '../../../../webview/form/draft.ts';

const SHARE = 0.1;

async function fileOf(content: string | Uint8Array): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), 'sequence-lab-facts-')), 'a.txt');
  await writeFile(path, content);
  return path;
}

const factsOf = async (content: string | Uint8Array) =>
  readTextFacts({ kind: 'file', path: await fileOf(content) }, 'a.txt', SHARE);

describe('facts about a text before training', () => {
  it('are its length and the characters of its training part', async () => {
    const text = `${'ab\r\n'.repeat(30)}😀 und é`;
    const expected = { name: 'a.txt', characters: 97, symbols: 3, refused: null };
    assert.deepEqual(await factsOf(text), expected);
    assert.deepEqual(await readTextFacts({ kind: 'text', text, name: 'a.txt' }, 'a.txt', SHARE), expected);
    const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]);
    assert.deepEqual(await factsOf(utf16), expected);
  });

  it('say that it is empty or binary, and null for a folder or a missing file', async () => {
    assert.equal((await factsOf(''))?.refused, 'empty');
    assert.equal((await factsOf(Uint8Array.from({ length: 4096 }, (_, i) => (i * 37) % 251)))?.refused, 'binary');
    assert.equal(await readTextFacts({ kind: 'file', path: tmpdir() }, 'tmp', SHARE), null);
    assert.equal(await readTextFacts({ kind: 'file', path: '/no/such/file' }, 'file', SHARE), null);
  });

  it('of a large file are an upper bound of its length', async () => {
    const facts = await factsOf('é'.repeat(1 << 20));
    assert.deepEqual([facts?.characters, facts?.symbols, facts?.refused], [2 << 20, null, null]);
  });

  it('refuse exactly the lengths that training refuses', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 90 }),
        fc.integer({ min: 2, max: 60 }),
        fc.constantFrom(0.01, 0.1, 0.3, 0.5),
        async (length, sequenceLength, validationShare) => {
          const source = { kind: 'text', text: 'abc'.repeat(30).slice(0, length), name: 'a' } as const;
          const config = parseRunConfig({ data: { sequenceLength, validationShare } });
          const facts = await readTextFacts(source, 'a', validationShare);
          assert.ok(facts);
          const trains = await loadCorpus(source, { sequenceLength, validationShare }).then(
            () => true,
            () => false,
          );
          assert.equal(textProblem(facts, config) === undefined, trains);
          assert.ok(isLongEnough(tokensNeeded(length, config.data), config.data));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('are a problem of the field that can be changed, until it is', async () => {
    const start = parseRunConfig({});
    const short = await factsOf('a short text, of which there is not enough');
    assert.deepEqual([...draftOf(start, {}, short).problems.keys()], ['data.sequenceLength']);
    assert.equal(draftOf(start, { 'data.sequenceLength': '8' }, short).problems.size, 0);
    const empty = await factsOf('');
    assert.deepEqual([...draftOf(start, {}, empty).problems.keys()], ['data.train']);
    assert.equal(draftOf(start, { 'data.train': '/other.txt' }, empty).problems.size, 0, 'another file');
    assert.equal(draftOf(start, { 'task.name': 'classification' }, empty).problems.size, 0, 'another reader');
  });
});
