import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { root } from '../../scripts/lib/paths.ts';
import { ensureTokenizers } from '../../scripts/lib/tokenizers.ts';
import { Tokenizer } from '../../src/data/tokenizers/tokenizer.ts';
import { parseTokenizer } from '../../src/data/tokenizers/tokenizerJson.ts';
import { TokenizerVocabulary } from '../../src/data/tokenizers/tokenizerVocabulary.ts';
import { prepareOrSkip } from '../harness/prepareOrSkip.ts';

const run = promisify(execFile);

const CORPUS = [
  'The sea and the gull, the gull and the sea; the cat sat on the mat.',
  "It's raining: we've seen 1234 drops, and they'd said 56!",
  'Über den Straßen, café à la crème, naïve Äpfel und Öl.',
  '海は広い。猫が座る。 海と猫。 안녕하세요 세계',
  'def f(x):\n    return x + 1\n\n\tprint("hi")\r\n',
  '😀 emoji 👍🏽 family 👨‍👩‍👧 flags 🇩🇪  two  spaces   three',
];

/** Texts that tokenizers often get wrong. */
const HARD = [
  '',
  ' ',
  '  ',
  'a',
  ' the sea',
  'the sea ',
  '\n',
  '\n\n the',
  'the\n\nsea\t\tgull',
  'the  sea   and    gull  ',
  "it's we'VE they'd IT'S",
  'cafe\u0301 A\u030A \uFB01 \u00BD \u1E9B\u0323',
  '\u1112\u1161\u11AB\u1100\u1173\u11AF',
  '👨‍👩‍👧‍👦🇩🇪👍🏽',
  'İstanbul ΣΑΣ ǅ ß',
  '\uD800 alone \uDC00',
  '\u0085\u00A0\u2003\u3000\uFEFFx\u200B\u200Dy',
  '<|endoftext|>the <|endoftext|> sea<|endoftext|>x',
  'cat scatter cat. Cat [Sea] sea [sea]  [GULL]   gull [gull]',
  '<0x0A> ▁the▁sea',
  '__proto__ constructor toString',
  '1234567 ¼ ٣٤ 十',
  'x'.repeat(300),
  'thesea'.repeat(60),
  '``quoted`` ﹪ ™ Ⅷ',
];

/** Blocks of characters that are the same in all versions of Unicode that are in use. */
const BLOCKS: readonly (readonly [number, number])[] = [
  ...([
    [0x00, 0x17f],
    [0x300, 0x36f],
    [0x391, 0x3ff],
    [0x400, 0x4ff],
    [0x5d0, 0x5ea],
    [0x621, 0x64a],
  ] as const),
  ...([
    [0x904, 0x939],
    [0x1100, 0x11ff],
    [0x1e00, 0x1eff],
    [0x2000, 0x2027],
    [0x2030, 0x205e],
    [0x2100, 0x214f],
  ] as const),
  ...([
    [0x3000, 0x3029],
    [0x3041, 0x3096],
    [0x4e00, 0x4fff],
    [0xac00, 0xacff],
    [0xfb00, 0xfb06],
  ] as const),
  ...([
    [0xff01, 0xff5e],
    [0xfe0e, 0xfe0f],
    [0x1f300, 0x1f64f],
    [0x1f1e6, 0x1f1ff],
  ] as const),
];
const character = fc
  .oneof(...BLOCKS.map(([min, max]) => fc.integer({ min, max })))
  .map((codePoint) => String.fromCodePoint(codePoint));

/** Texts of characters of many kinds, equal in each run. */
const RANDOM = fc.sample(
  fc
    .array(
      fc.oneof(
        { weight: 4, arbitrary: fc.constantFrom(..."the sea gull cat and mat éäß ,.!?'\n\t 海猫안") },
        { weight: 2, arbitrary: fc.string({ unit: character, minLength: 1, maxLength: 3 }) },
        { weight: 1, arbitrary: fc.constantFrom('the ', ' sea', "'s", '  ', 'and', '<unk>', '[UNK]', '▁') },
      ),
      { maxLength: 30 },
    )
    .map((parts) => parts.join('')),
  { numRuns: 600, seed: 1 },
);

interface Expected {
  readonly size: number;
  readonly ids: readonly (readonly number[])[];
  readonly decoded: readonly string[];
  readonly beginnings: readonly string[];
}

describe('tokenizers of Hugging Face', function () {
  this.timeout(300_000);
  let home = '';
  // Texts of Python have no halves of characters.
  const texts = [...HARD, ...RANDOM].map((text) => text.replaceAll(/\p{Surrogate}/gu, '\uFFFD'));
  const opened = new Map<string, { readonly tokenizer: Tokenizer; readonly expected: Expected }>();

  before(async function () {
    const python = await prepareOrSkip(this, ensureTokenizers);
    home = await mkdtemp(join(tmpdir(), 'tokenizers-'));
    const folder = join(home, 'tokenizers');
    await mkdir(folder);
    const request = join(home, 'texts.json');
    await writeFile(request, JSON.stringify({ corpus: CORPUS, texts }));
    await run(python, [join(root, 'test', 'fixtures', 'tokenizerFiles.py'), request, folder]);
    for (const file of await readdir(folder)) {
      if (!file.endsWith('.json') || file.endsWith('.expected.json')) continue;
      const read = async (name: string): Promise<unknown> => JSON.parse(await readFile(join(folder, name), 'utf8'));
      const tokenizer = new Tokenizer(parseTokenizer(await read(file), file), file);
      const expected = (await read(file.replace(/json$/, 'expected.json'))) as Expected;
      opened.set(file, { tokenizer, expected });
    }
    assert.ok(opened.size >= 15);
  });

  after(async () => home !== '' && rm(home, { recursive: true, force: true }));

  it('split texts into the same ids', () => {
    for (const [name, { tokenizer, expected }] of opened) {
      assert.equal(tokenizer.size, expected.size, name);
      texts.forEach((text, at) =>
        assert.deepEqual(
          tokenizer.encode(text).map(({ id }) => id),
          expected.ids[at],
          `${name}: ${JSON.stringify(text)}`,
        ),
      );
    }
  });

  it('write the same texts for ids', () => {
    for (const [name, { tokenizer, expected }] of opened)
      texts.forEach((text, at) => {
        const ids = expected.ids[at] ?? [];
        assert.equal(tokenizer.decode(ids), expected.decoded[at], `${name}: ${JSON.stringify(text)}`);
        const half = ids.slice(0, Math.floor(ids.length / 2));
        assert.equal(tokenizer.decode(half), expected.beginnings[at], `${name}: ${JSON.stringify(text)}`);
      });
  });

  it('have tokens at places in the text that follow each other, and cover it where nothing is left out', () => {
    for (const [name, { tokenizer }] of opened) {
      const vocabulary = new TokenizerVocabulary(tokenizer);
      for (const text of texts) {
        let before = 0;
        for (const { start, end } of tokenizer.encode(text)) {
          assert.ok(before <= start && start <= end && end <= text.length, `${name}: ${JSON.stringify(text)}`);
          before = start;
        }
        if (name !== 'gpt2.json') continue;
        const { tokens } = vocabulary.tokenize(text || ' ');
        assert.ok(tokens.join('').length >= text.length);
      }
    }
  });

  it('write a text token by token as at once, and split it in chunks as at once', () => {
    for (const [name, { tokenizer, expected }] of opened) {
      const vocabulary = new TokenizerVocabulary(tokenizer);
      assert.equal(new Set(vocabulary.tokens).size, vocabulary.size, name);
      const restored = TokenizerVocabulary.fromJSON(JSON.parse(JSON.stringify(vocabulary)));
      texts.forEach((text, at) => {
        const ids = vocabulary.encode(text);
        assert.deepEqual(restored.encode(text), ids, name);
        assert.equal(vocabulary.decode(ids), expected.decoded[at], name);
        const encoder = vocabulary.encoder();
        const parts = text.match(/[^]{1,5}/gu) ?? [];
        assert.deepEqual([...parts.flatMap((part) => [...encoder.encode(part)]), ...encoder.end()], [...ids], name);
        const { textOf } = vocabulary.begin('');
        const written = Array.from(ids, textOf).join('');
        // Bytes at the end that are no whole character are held back.
        const whole = vocabulary.decode(ids).replace(/\uFFFD+$/u, '');
        assert.ok(written.startsWith(whole), `${name}: ${JSON.stringify([text, written, whole])}`);
      });
    }
  });

  it('split long texts at spaces into the same ids, where they can be divided', () => {
    const long = Array.from({ length: 3000 }, (_, at) => texts[at % texts.length] ?? '')
      .join(' ')
      .slice(0, 100_000);
    for (const [name, { tokenizer }] of opened) {
      const vocabulary = new TokenizerVocabulary(tokenizer);
      const encoder = vocabulary.encoder();
      const parts = long.match(/[^]{1,30000}/gu) ?? [];
      const ids = [...parts.flatMap((part) => [...encoder.encode(part)]), ...encoder.end()];
      assert.deepEqual(ids, [...vocabulary.encode(long)], name);
    }
    assert.ok(opened.get('gpt2.json')?.tokenizer.isDivisible);
  });
});
