import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { HEAD_BYTES } from '../../../src/config/textHead.ts';
import { readText, TextReader } from '../../../src/data/textReader.ts';
import { anyText, inputError, readBytes, textOf } from './helpers.ts';
import { errorWith } from '../../harness/facts.ts';
import { seeds } from '../../harness/seeds.ts';

const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le');
const bytes = (...parts: (string | number[])[]): Buffer =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))));
const occurrences = (text: string, part: string): number => text.split(part).length - 1;
const padding = 'some plain words that keep the invalid share low. '.repeat(2);

/** Bytes that determine the encoding of a file; the decoder receives the rest in chunks. */
const head = Buffer.alloc(HEAD_BYTES, 'x');

describe('text reader: bytes to text', () => {
  const cases: Record<string, { input: Buffer; text: string; found?: object }> = {
    'plain ASCII': { input: bytes('to be'), text: 'to be', found: { bytes: 5, encoding: 'utf-8', bom: false } },
    nothing: { input: bytes(), text: '', found: { bytes: 0, encoding: 'utf-8', bom: false } },
    'two, three and four byte characters': { input: bytes('é漢𝄞'), text: 'é漢𝄞' },
    'emoji with joiners and combining marks': { input: bytes('👩‍👩‍👧 e\u0301'), text: '👩‍👩‍👧 e\u0301' },
    'a byte order mark': { input: bytes([0xef, 0xbb, 0xbf], 'x'), text: 'x', found: { bom: true, bytes: 4 } },
    'only a byte order mark': { input: bytes([0xef, 0xbb, 0xbf]), text: '', found: { bom: true } },
    'a second byte order mark is text': { input: bytes('\uFEFF\uFEFFx'), text: '\uFEFFx' },
    CRLF: { input: bytes('a\r\nb\r\n'), text: 'a\nb\n', found: { crlf: 2 } },
    'lone CR, also at the end': { input: bytes('a\rb\r\r\nc\r'), text: 'a\nb\n\nc\n', found: { crlf: 4 } },
    'LF alone': { input: bytes('a\n\nb'), text: 'a\n\nb', found: { crlf: 0 } },
    'a stray continuation byte': {
      input: bytes(padding, [0x80], 'x'),
      text: `${padding}\uFFFDx`,
      found: { replaced: 1 },
    },
    'an incomplete character in the middle': {
      input: bytes(padding, [0xe6, 0xbc], 'x'),
      text: `${padding}\uFFFDx`,
      found: { replaced: 1 },
    },
    'an incomplete character at the end': {
      input: bytes(padding, [0xf0, 0x9d]),
      text: `${padding}\uFFFD`,
      found: { replaced: 1 },
    },
    'an overlong form': { input: bytes(padding, [0xc0, 0xaf]), text: `${padding}\uFFFD\uFFFD`, found: { replaced: 2 } },
    'a real U+FFFD': { input: bytes('a\uFFFDb'), text: 'a\uFFFDb', found: { replaced: 0 } },
    'a real U+FFFD next to an invalid byte': {
      input: bytes(padding, [0xff], '\uFFFD', [0xef, 0xbf]),
      text: `${padding}\uFFFD\uFFFD\uFFFD`,
      found: { replaced: 2 },
    },
    'little-endian UTF-16': {
      input: utf16('\uFEFFè\r\n😀漢'),
      text: 'è\n😀漢',
      found: { encoding: 'utf-16le', bom: true, crlf: 1 },
    },
    'big-endian UTF-16': {
      input: utf16('\uFEFFè\r\n😀漢').swap16(),
      text: 'è\n😀漢',
      found: { encoding: 'utf-16be', bom: true },
    },
    'UTF-16 with an unpaired surrogate': {
      input: utf16(`\uFEFF${padding}\uD83Dx`),
      text: `${padding}\uFFFDx`,
      found: { replaced: 1 },
    },
    'UTF-16 that ends with an unpaired surrogate': {
      input: utf16(`\uFEFF${padding}\uD83D`),
      text: `${padding}\uFFFD`,
      found: { replaced: 1 },
    },
    'UTF-16 with an odd byte': {
      input: bytes([0xff, 0xfe], [...utf16(padding)], [0x41]),
      text: `${padding}\uFFFD`,
      found: { replaced: 1 },
    },
  };

  for (const [name, { input, text, found = {} }] of Object.entries(cases)) {
    it(name, async () => {
      const whole = await readBytes(input, Math.max(1, input.length));
      assert.equal(whole.text, text);
      assert.deepEqual({ ...whole.report, ...found }, whole.report);
      assert.equal(whole.report.sha256, createHash('sha256').update(input).digest('hex'));
      for (let size = 1; size < input.length; size++) assert.deepEqual(await readBytes(input, size), whole);
    });

    it(`${name}, far into a file, for any chunks`, async () => {
      const long = Buffer.concat([input, head, input, input]);
      const whole = await readBytes(long, long.length);
      assert.equal(whole.text, new TextDecoder(whole.report.encoding).decode(long).replace(/\r\n?/g, '\n'));
      for (let size = 1; size <= 2 * input.length; size++) {
        assert.deepEqual(await readBytes(long, size, input.length + head.length), whole);
      }
    });
  }

  it('decodes any bytes as UTF-8 like TextDecoder, for any chunks', async () => {
    const tricky = fc.constantFrom(0x41, 0x0a, 0x80, 0xbf, 0xbd, 0xc2, 0xe0, 0xed, 0xef, 0xf0, 0xf4, 0xff);
    await fc.assert(
      fc.asyncProperty(fc.array(tricky, { maxLength: 24 }), fc.integer({ min: 1, max: 9 }), async (tail, size) => {
        const input = bytes([...head], tail);
        const { text, report } = await readBytes(input, size, head.length, 'utf-8');
        const expected = new TextDecoder('utf-8').decode(input);
        assert.equal(text, expected);
        const literal = occurrences(input.toString('latin1'), '\u00EF\u00BF\u00BD');
        assert.equal(report.replaced, occurrences(expected, '\uFFFD') - literal);
      }),
      seeds(100),
    );
  });

  it('never splits a code point', async () => {
    const files = [
      ['utf-8', bytes([...head], '😀漢'.repeat(9))],
      ['utf-16le', utf16(`\uFEFF${'x'.repeat(HEAD_BYTES)}${'😀漢'.repeat(9)}`)],
    ] as const;
    for (const [encoding, file] of files) {
      const chunks = Array.from({ length: 64 }, (_, i) => file.subarray(file.length - 64 + i, file.length - 63 + i));
      const all = [file.subarray(0, -64), ...chunks];
      const reader = new TextReader('emoji.txt', all, { totalBytes: file.length, encoding });
      const pieces: string[] = [];
      for await (const piece of reader) pieces.push(piece);
      assert.ok(pieces.length > 10);
      for (const piece of pieces) assert.ok(!/\p{Surrogate}/u.test(piece), JSON.stringify(piece));
    }
  });

  it('has no report until it was read to its end', async () => {
    const reader = await readText({ kind: 'text', text: 'x', name: 'poem.txt' });
    assert.throws(() => reader.report, errorWith({ name: 'Error' }, 'poem.txt'));
  });
});

describe('text reader: binary files', () => {
  it('rejects NUL near the start, for any chunks', async () => {
    const input = bytes(padding, [0], padding);
    for (const size of [1, 7, 1000])
      await assert.rejects(readBytes(input, size), inputError('binary', 'bytes.txt', 'NUL'));
  });

  it('accepts NUL far into a text', async () => {
    const input = bytes('x'.repeat(9000), [0]);
    assert.equal((await readBytes(input, 4096)).text.length, 9001);
  });

  it('rejects UTF-32, which begins like UTF-16', async () => {
    const input = bytes([0xff, 0xfe, 0, 0, 0x41, 0, 0, 0]);
    await assert.rejects(readBytes(input, 8), inputError('binary'));
  });

  it('rejects text in which most characters are invalid, at the head or later', async () => {
    const noise = Buffer.from(Array.from({ length: 4000 }, (_, i) => 1 + ((i * i * 89 + 7 * i) % 255)));
    await assert.rejects(readBytes(noise, 100), inputError('binary', 'data.encoding'));
    const later = Buffer.concat([Buffer.alloc(9000, 'x'), noise]);
    await assert.rejects(readBytes(later, 1000), inputError('binary'));
  });

  it('reads text with a few accents in Latin-1', async () => {
    const written = 'déjà vu, dit le garçon sans se retourner une seule fois';
    const { text, report } = await readBytes(Buffer.from(written, 'latin1'), 5);
    assert.equal(text, written);
    assert.deepEqual([report.replaced, report.encoding, report.notes.length], [0, 'windows-1252', 1]);
  });
});

describe('text reader: strings', () => {
  it('returns the text of the saved file', async () => {
    await fc.assert(
      fc.asyncProperty(anyText(), async (text) => {
        const reader = await readText({ kind: 'text', text, name: 'untitled' });
        const file = await readBytes(Buffer.from(text), 16);
        assert.equal(await textOf(reader), file.text);
        assert.deepEqual(reader.report, file.report);
      }),
      seeds(100),
    );
  });

  it('does not split surrogate pairs of a long string, and counts unpaired surrogates', async () => {
    const text = `${'x'.repeat(2 ** 20 - 1)}😀\uD83D`;
    const reader = await readText({ kind: 'text', text, name: 'untitled' });
    assert.equal(await textOf(reader), `${text.slice(0, -1)}\uFFFD`);
    assert.equal(reader.report.replaced, 1);
  });
});

describe('text reader: files', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sequence-lab-reader-'));
  });
  after(() => rm(folder, { recursive: true }));

  it('reads a file over many chunks', async () => {
    const path = join(folder, 'long.txt');
    const text = 'naïve 漢字 😀\n'.repeat(120_000);
    await writeFile(path, text);
    const reader = await readText({ kind: 'file', path });
    assert.equal(reader.totalBytes, Buffer.byteLength(text));
    assert.equal(await textOf(reader), text);
    assert.equal(reader.bytesRead, reader.totalBytes);
  });

  it('names a missing file', async () => {
    await assert.rejects(
      readText({ kind: 'file', path: join(folder, 'none.txt') }),
      inputError('not-found', 'none.txt'),
    );
  });

  it('rejects a folder', async () => {
    await mkdir(join(folder, 'sub'), { recursive: true });
    await assert.rejects(readText({ kind: 'file', path: join(folder, 'sub') }), inputError('not-a-file', 'sub'));
  });

  it('names a file that vanishes before it is read', async () => {
    const path = join(folder, 'vanishing.txt');
    await writeFile(path, 'x');
    const reader = await readText({ kind: 'file', path });
    await rm(path);
    await assert.rejects(textOf(reader), inputError('not-found', 'vanishing.txt'));
  });

  it('reports why a file cannot be read', async () => {
    const path = join(folder, 'circle.txt');
    await symlink(path, path);
    await assert.rejects(readText({ kind: 'file', path }), inputError('unreadable', 'circle.txt'));
  });

  it('stops with the reason of an aborted signal', async () => {
    const path = join(folder, 'abort.txt');
    await writeFile(path, Buffer.alloc(3 * 2 ** 20, 'x'));
    const abort = new AbortController();
    const reason = new Error('the user changed their mind');
    const reader = await readText({ kind: 'file', path }, { signal: abort.signal });
    const pieces = reader[Symbol.asyncIterator]();
    await pieces.next();
    abort.abort(reason);
    await assert.rejects(pieces.next(), reason);
    assert.equal(reader.bytesRead, 2 ** 20);
  });
});
