import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { dataKindOf } from '../../../../src/data/inspect/dataKind.ts';
import { inspectDataSet } from '../../../../src/data/inspect/inspectDataSet.ts';
import { readTagged } from '../../../../src/data/tagged/readTagged.ts';
import type { TagScheme } from '../../../../src/data/tagged/tagScheme.ts';
import { assertNames } from '../../../harness/facts.ts';
import { seeds } from '../../../harness/seeds.ts';

const fixture = (name: string) => fileURLToPath(new URL(`../../../fixtures/tagged/${name}`, import.meta.url));

/** Sentences as `word/tag` tokens. */
interface Expected {
  readonly sentences: readonly string[];
  readonly scheme?: TagScheme;
  readonly lines: readonly number[];
  readonly problems?: readonly (readonly (string | number)[])[];
  readonly notes?: readonly (string | number)[];
}

const files: Readonly<Record<string, Expected>> = {
  'documents.conll': {
    sentences: ['Ada/B-PER Moor/I-PER left/O Turin/B-LOC ./O', 'Turin/B-LOC slept/O'],
    scheme: 'IOB2',
    lines: [3, 11],
    notes: [2, 'DOCSTART'],
  },
  'numbered.tsv': {
    sentences: ['Sie/O wohnt/O in/O München/B-LOC ./O', 'Die/O Universität/B-ORG München/I-ORG lehrt/O'],
    scheme: 'IOB2',
    lines: [2, 9],
    notes: [2],
  },
  'sentences.csv': {
    sentences: ['Ada/B-PER left/O ,/O Turin/B-LOC', 'Turin/B-LOC slept/O'],
    scheme: 'IOB2',
    lines: [2, 6],
  },
  'everyRow.csv': { sentences: ['Ada/I-PER left/O', 'Turin/I-LOC slept/O'], scheme: 'IO', lines: [2, 4] },
  'slashed.txt': {
    sentences: [
      'The/at jury/nn said/vbd and\\/or/cc no/at ./.',
      'It/pps said/vbd no/at more/nn ./.',
      'The/at clerk/nn left/vbd ./.',
    ],
    lines: [1, 2, 3],
  },
  'doccano.jsonl': {
    sentences: [
      'Ada/B-PER Moor/I-PER left/O Turin/B-LOC ./O',
      'Turin/B-LOC slept/O ./O',
      "It/O 's/O well/O -/O made/O ./O",
    ],
    scheme: 'IOB2',
    lines: [1, 2, 3],
  },
  'offsets.jsonl': {
    sentences: ['👩🏽/O met/O Ada/B-PER ./O'],
    scheme: 'IOB2',
    lines: [1],
    problems: [
      [2, 0, 2, '"Ad"', '"PER"'],
      [3, 0, 5, '"ORG"', '"Turin"'],
      [4, 0, 9, '"PER"'],
    ],
  },
  'spacy.json': {
    sentences: ['Ada/B-PER left/O Turin/B-LOC', 'Turin/B-LOC slept/O'],
    scheme: 'IOB2',
    lines: [2, 3],
  },
  'labelStudio.json': {
    sentences: ['Ada/B-PER left/O Turin/O', 'Turin/B-LOC slept/O', 'Ada/O left/O'],
    scheme: 'IOB2',
    lines: [2, 15, 15],
  },
  'tokens.jsonl': { sentences: ['Ada/B-PER left/O', 'Turin/B-LOC slept/O'], scheme: 'IOB2', lines: [1, 2] },
};

describe('formats of tagged text', () => {
  for (const [name, { sentences, scheme, lines, problems = [], notes = [] }] of Object.entries(files)) {
    it(`${name} is found to be tagged text, and read`, async () => {
      const source = { kind: 'file', path: fixture(name) } as const;
      assert.equal(await dataKindOf(source), 'tagged');
      const found = await readTagged(source);
      const written = found.sentences.map(({ words, tags }) =>
        words.map((word, at) => `${word}/${tags[at]}`).join(' '),
      );
      assert.deepEqual(written, sentences);
      assert.equal(found.scheme, scheme);
      assert.deepEqual(
        found.sentences.map(({ line }) => line),
        lines,
      );
      assert.deepEqual(
        found.problems.map(({ line }) => line),
        problems.map(([line]) => line),
      );
      found.problems.forEach(({ reason }, at) => assertNames(reason, ...(problems[at] ?? []).slice(1)));
      if (notes.length > 0) assertNames(found.notes[0], ...notes);
      else assert.deepEqual(found.notes, []);
    });

    it(`${name} is inspected as it is read for training`, async () => {
      const source = { kind: 'file', path: fixture(name) } as const;
      const inspected = await inspectDataSet(source, { validationShare: 0.3, seed: 1 });
      const { sentences: read, problems: skipped, columns, tags } = await readTagged(source);
      const at = (role: string) => inspected.columns.findIndex((column) => column.role === role) + 1;
      assert.deepEqual(
        [inspected.task, inspected.items, inspected.problems.count, inspected.labelCount],
        ['tagging', read.length, skipped.length, tags.length],
      );
      assert.deepEqual({ word: at('word'), tag: at('tag') }, columns);
      const again = await readTagged(source, { columns });
      assert.deepEqual(again.sentences, read);
    });
  }

  const others: Readonly<Record<string, string>> = {
    'prose.txt': 'He came and/or went, 1/2 of the time, by http://a.org/b.\nOr so he said.\n',
    'dates.txt': '1/2/2020 3/4/2020\n5/6/2020 7/8/2020\n9/1/2020 2/2/2020 3/3/2020\n',
    'paths.txt': 'usr/bin usr/lib usr/share\nvar/log var/lib etc/hosts\n',
    'labels.jsonl': '{"text": "a b", "label": "x"}\n{"text": "c d", "label": "y"}\n',
    'multi.jsonl': '{"text": "a b", "labels": ["x", "y"]}\n{"text": "c d", "labels": []}\n',
    'reviews.csv': 'Sentence,Label\nA fine film,good\nA dull film,bad\n',
    'names.txt': 'snake_case other_name third_one\nsnake_case2 name_of it_is\n',
  };
  for (const [name, text] of Object.entries(others)) {
    it(`${name} is not tagged text`, async () => {
      assert.notEqual(await dataKindOf({ kind: 'text', name, text }), 'tagged');
    });
  }

  it('reads back what is written in any format, scheme and layout', async () => {
    const word = fc.stringMatching(/^[A-Za-zÀ-ÖØ-öø-ž]{1,8}$/).filter((each) => !/(?:nt|not)$/i.test(each));
    const type = fc.constantFrom('PER', 'LOC', 'ORG-x');
    const entity = fc.record({ words: fc.array(word, { minLength: 1, maxLength: 3 }), type: fc.option(type) });
    const sentence = fc.array(entity, { minLength: 1, maxLength: 5 });
    const separator = fc.constantFrom('\t', ' ');
    await fc.assert(
      fc.asyncProperty(
        fc.array(sentence, { minLength: 2, maxLength: 6 }),
        fc.constantFrom(...Object.keys(writers)),
        separator,
        async (drawn, writer, sign) => {
          // Tagged text is recognized by its tags, so there is an entity of two words.
          const all = [
            ...drawn,
            [
              { words: ['New', 'York'], type: 'LOC' },
              { words: ['slept'], type: null },
            ],
          ];
          const right = all.map((chunks) => ({
            words: chunks.flatMap(({ words }) => words),
            tags: chunks.flatMap(({ words, type: name }) =>
              words.map((_, at) => (name === null ? 'O' : `${at === 0 ? 'B' : 'I'}-${name}`)),
            ),
          }));
          const { name, text } = writers[writer]!(right, sign);
          const source = { kind: 'text', name, text } as const;
          assert.equal(await dataKindOf(source), 'tagged', text);
          const { sentences, problems } = await readTagged(source);
          assert.deepEqual(problems, []);
          assert.deepEqual(
            sentences.map(({ words, tags }) => ({ words, tags })),
            right,
          );
        },
      ),
      seeds(300),
    );
  });
});

interface Written {
  readonly words: readonly string[];
  readonly tags: readonly string[];
}

/** Writes sentences in each format. @param sign separator of columns, where a format has some */
const writers: Readonly<
  Record<string, (sentences: readonly Written[], sign: string) => { name: string; text: string }>
> = {
  columns: (all, sign) => ({
    name: 'a.conll',
    text: all
      .map(({ words, tags }) => words.map((word, t) => `${word}${sign}x${sign}${tags[t]}\n`).join(''))
      .join('\n'),
  }),
  documents: (all, sign) => ({
    name: 'a.txt',
    text: all
      .map(({ words, tags }) => words.map((word, t) => `${word}${sign}${tags[t]}\n`).join(''))
      .join(`\n-DOCSTART-${sign}O\n\n`),
  }),
  numbered: (all) => ({
    name: 'a.tsv',
    text: all
      .map(({ words, tags }, s) =>
        [`#\tsource ${s}`, ...words.map((word, t) => `${t + 1}\t${word}\t${tags[t]}\tO`), ''].join('\n'),
      )
      .join('\n'),
  }),
  table: (all) => ({
    name: 'a.csv',
    text: `Sentence #,Word,Tag\n${all
      .map(({ words, tags }, s) => words.map((word, t) => `${t === 0 ? `s ${s}` : ''},${word},${tags[t]}\n`).join(''))
      .join('')}`,
  }),
  tokens: (all) => ({
    name: 'a.jsonl',
    text: all.map(({ words, tags }) => `${JSON.stringify({ tokens: words, ner_tags: tags })}\n`).join(''),
  }),
  lines: (all) => ({
    name: 'a.jsonl',
    text: spanned(all)
      .map(({ text, spans }) => `${JSON.stringify({ text, label: spans })}\n`)
      .join(''),
  }),
  array: (all) => ({
    name: 'a.json',
    text: JSON.stringify(
      spanned(all).map(({ text, spans }) => [text, { entities: spans }]),
      undefined,
      1,
    ),
  }),
};

function spanned(all: readonly Written[]): { text: string; spans: [number, number, string][] }[] {
  return all.map(({ words, tags }) => {
    const spans: [number, number, string][] = [];
    let text = '';
    words.forEach((word, t) => {
      const start = text.length + (t === 0 ? 0 : 1);
      text += `${t === 0 ? '' : ' '}${word}`;
      const [prefix, type] = [tags[t]?.slice(0, 1), tags[t]?.slice(2) ?? ''];
      if (prefix === 'B') spans.push([start, text.length, type]);
      const last = spans.at(-1);
      if (prefix === 'I' && last) last[1] = text.length;
    });
    return { text, spans };
  });
}
