import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { inspectDataSet } from '../../../../src/data/inspect/inspectDataSet.ts';
import type { DataInspection } from '../../../../src/data/inspect/inspection.ts';
import { lengthHistogram } from '../../../../src/data/inspect/lengths.ts';
import { repetitionsIn } from '../../../../src/data/inspect/overlap.ts';
import { TokenCounts } from '../../../../src/data/inspect/tokenCounts.ts';
import type { ColumnRole } from '../../../../src/data/inspect/roles.ts';
import { findValidationFile } from '../../../../src/data/inspect/validationFile.ts';
import { InputError } from '../../../../src/data/inputError.ts';
import { dataInspection } from '../../../../src/protocol/dataInspection.ts';
import { assertNames, names } from '../../../harness/facts.ts';
import { say } from '../../../../src/phrases/phrase.ts';

const inspect = async (name: string, text: string, roles?: ColumnRole[]): Promise<DataInspection> =>
  inspectDataSet({ kind: 'text', name, text }, { roles, validationShare: 0.25, seed: 1 });

const reviews = Array.from(
  { length: 20 },
  (_, i) => `${i % 2 === 0 ? 'a good film' : 'a dull play'} number ${i}\t${i % 2}`,
).join('\n');

describe('inspecting a data set', () => {
  const guesses: readonly [
    title: string,
    name: string,
    text: string,
    kind: string,
    task: string,
    roles: readonly ColumnRole[],
  ][] = [
    ['a table of texts and classes', 'a.tsv', reviews, 'table', 'classification', ['text', 'label']],
    [
      'classes before texts',
      'a.csv',
      'label,text\n1,"good, very"\n0,bad\n1,fine\n0,awful\n',
      'table',
      'classification',
      ['label', 'text'],
    ],
    [
      'names and their languages, which are longer than the names',
      'names.csv',
      Array.from({ length: 12 }, (_, i) => `Li${i},${['Vietnamese', 'Portuguese'][i % 2] ?? ''}`).join('\n'),
      'table',
      'classification',
      ['text', 'label'],
    ],
    [
      'a column of classes by its name, regardless of its values',
      'a.csv',
      'id,review,stars\n1,good,5\n2,bad,1\n',
      'table',
      'classification',
      ['unused', 'text', 'label'],
    ],
    [
      'texts and their translations',
      'a.tsv',
      'Go.\tVa !\nRun!\tCours !\nWait!\tAttends !\n',
      'table',
      'sequence-to-sequence',
      ['source', 'target'],
    ],
    [
      'JSON Lines',
      'a.jsonl',
      '{"source":"a b","target":"b a"}\n{"source":"c d","target":"d c"}\n',
      'table',
      'sequence-to-sequence',
      ['source', 'target'],
    ],
    [
      'tagged sentences',
      'a.tsv',
      'The\tDET\nsun\tNOUN\nshines\tVERB\n\nIt\tPRON\nis\tVERB\nwarm\tADJ\n',
      'tagged',
      'tagging',
      ['word', 'tag'],
    ],
    [
      'prose',
      'a.txt',
      'It was the best of times, it was the worst of times,\nit was the age of wisdom,\nand of foolishness.\n',
      'text',
      'language-model',
      [],
    ],
  ];
  for (const [title, name, text, kind, task, roles] of guesses) {
    it(`recognizes ${title}`, async () => {
      const found = await inspect(name, text);
      assert.deepEqual([found.kind, found.task, found.columns.map(({ role }) => role)], [kind, task, roles]);
      assert.deepEqual(dataInspection.parse(found), found);
    });
  }

  it('uses the roles that the user selects', async () => {
    const found = await inspect('a.tsv', reviews, ['source', 'target']);
    assert.equal(found.task, 'sequence-to-sequence');
    assert.equal(found.item, 'pair');
    await assert.rejects(inspect('a.tsv', reviews, ['label', 'unused']), InputError);
    await assert.rejects(inspect('a.tsv', reviews, ['text']), InputError);
  });

  it('reports each unusable row, and counts every row once', async () => {
    const found = await inspect('a.csv', 'text,label\ngood,1\n,0\nbad,\nragged\nfine,1\nawful,0\n');
    assert.equal(found.items, 3);
    assert.deepEqual(
      found.problems.first.map(({ where }) => /\d+/.exec(say(where))?.[0]),
      ['3', '4', '5'],
    );
    assertNames(found.problems.first[2]?.reason, 1, 2);
    const clean = await inspect('a.csv', 'text,label\ngood,1\nfine,1\nawful,0\n');
    const known = clean.plan.map(say);
    const added = found.plan.map(say).filter((sentence) => !known.includes(sentence));
    assert.equal(added.length, 1);
    assertNames(added[0], 3);
  });

  it('counts every item of both parts in labels and lengths', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.stringMatching(/^[a-z]{1,6}( [a-z]{1,6}){0,5}$/), fc.constantFrom('x', 'y', 'z')), {
          minLength: 4,
          maxLength: 60,
        }),
        async (rows) => {
          const found = await inspect('a.tsv', `text\tlabel\n${rows.map((row) => row.join('\t')).join('\n')}\n`);
          const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
          assert.equal(found.items, rows.length);
          assert.equal(found.parts.train + found.parts.validation, rows.length);
          assert.equal(sum(found.labels.map(({ train }) => train)), found.parts.train);
          assert.equal(sum(found.labels.map(({ validation }) => validation)), found.parts.validation);
          assert.equal(sum((found.lengths?.bins ?? []).map(({ count }) => count)), rows.length);
          // A split by distinct text shares no texts.
          assert.equal(found.repeated.shared, 0);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('warns about labels that differ only in case, and about those without validation texts', async () => {
    const quirks = ['negative', 'negative', 'negative', 'negative', 'negative', 'negative'];
    const labels = [...quirks, ...quirks.map(() => 'positive'), 'Positive'];
    const rows = labels.map((label, index) => `text ${index},${label}`);
    const { notes } = await inspect('quirks.csv', `text,label\n${rows.join('\n')}\n`);
    assert.ok(notes.some((note) => names(note, '"positive", "Positive"')));
    assert.ok(notes.some((note) => names(note, '"Positive"') && !names(note, '"positive"')));
    assert.ok(!notes.some((note) => names(note, '"negative"')), 'two labels of one frequency are balanced');
  });

  it('warns about unbalanced labels and texts with two labels', async () => {
    const rows = Array.from({ length: 40 }, (_, i) => `text ${i},${i % 10 === 0 ? 'rare' : 'often'}`);
    const { notes, repeated } = await inspect('a.csv', `text,label\n${rows.join('\n')}\ntext 1,rare\n`);
    assert.ok(notes.some((note) => /\d\d %/.test(say(note)) && names(note, '"often"')));
    assert.equal(repeated.contradicting, 1);
    assert.ok(notes.some((note) => names(note, 1)));
  });

  it('reads a folder of classes, and the validation file next to a training file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sequence-lab-inspect-'));
    try {
      for (const label of ['ham', 'spam']) {
        await mkdir(join(folder, 'mail', label), { recursive: true });
        for (const i of [1, 2, 3])
          await writeFile(join(folder, 'mail', label, `${i}.txt`), `this is ${label} number ${i}`);
      }
      const found = await inspectDataSet(
        { kind: 'file', path: join(folder, 'mail') },
        { validationShare: 0.3, seed: 1 },
      );
      assert.deepEqual([found.kind, found.task, found.items, found.labelCount], ['folder', 'classification', 6, 2]);

      await writeFile(join(folder, 'train.tsv'), reviews);
      await writeFile(join(folder, 'dev.tsv'), 'a good film number 2\t0\nnew words here\t1\n');
      assert.equal(await findValidationFile(join(folder, 'train.tsv')), join(folder, 'dev.tsv'));
      assert.equal(await findValidationFile(join(folder, 'dev.tsv')), undefined);
      const given = await inspectDataSet(
        { kind: 'file', path: join(folder, 'train.tsv') },
        { validation: join(folder, 'dev.tsv'), validationShare: 0.3, seed: 1 },
      );
      assert.deepEqual([given.parts.train, given.parts.validation, given.repeated.shared], [20, 2, 1]);
      assert.deepEqual(given.unknown?.examples, ['here', 'new', 'words']);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe('statistics of a data set', () => {
  it('count every length in one bin, in order and without gaps', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(3000), { minLength: 1, maxLength: 300 }), (lengths) => {
        const found = lengthHistogram(lengths, 'word');
        assert.ok(found);
        assert.equal(
          found.bins.reduce((sum, { count }) => sum + count, 0),
          lengths.length,
        );
        assert.ok(found.bins.length <= 24);
        found.bins.forEach(({ from, to, count }, i) => {
          assert.ok(from <= to);
          const next = found.bins[i + 1];
          if (next) assert.equal(next.from, to + 1);
          assert.equal(count, lengths.filter((length) => length >= from && length <= to).length);
        });
      }),
    );
    assert.equal(lengthHistogram([], 'word'), null);
  });

  it('count unknown tokens with repetitions', () => {
    const rules = {
      unit: 'word',
      tokensIn: (text: string) => text.split(' '),
      joins: () => false,
      mayJoin: () => false,
    } as const;
    const counts = new TokenCounts(rules);
    assert.deepEqual([counts.train('a b'), counts.unknown], [2, null]);
    assert.deepEqual([counts.validate('a c c'), counts.validate('', ['d'])], [3, 1]);
    const characters = { tokens: 5, unknown: 2 };
    assert.deepEqual(counts.unknown, { unit: 'word', tokens: 4, unknown: 3, examples: ['c', 'd'], characters });
  });

  it('treat texts as equal that differ only in case and white space', () => {
    const train = [
      { text: 'A  b', answer: 'x' },
      { text: 'a b', answer: 'y' },
      { text: 'c', answer: 'x' },
    ];
    const validation = [{ text: ' C ', answer: 'x' }];
    assert.deepEqual(
      repetitionsIn([...train, ...validation], validation, ({ answer }) => answer),
      {
        repeated: 2,
        contradicting: 1,
        shared: 1,
      },
    );
  });

  it('are repeated alike in any order of the items and parts', () => {
    const item = fc.record({ text: fc.constantFrom('a', 'A ', 'b', 'c', ''), answer: fc.constantFrom('x', 'y') });
    fc.assert(
      fc.property(fc.array(fc.tuple(item, fc.boolean()), { minLength: 2 }), (all) => {
        const items = all.map(([each]) => each);
        const part = (isValidation: boolean) => all.filter(([, own]) => own === isValidation).map(([each]) => each);
        const [train, validation] = [part(false), part(true)];
        const keyOf = ({ text }: { text: string }) => text.trim().toLowerCase();
        const texts = [...new Set(items.map(keyOf))];
        const answersOf = (key: string) =>
          new Set(items.filter((each) => keyOf(each) === key).map(({ answer }) => answer));
        const expected = {
          repeated: items.length - texts.length,
          contradicting: texts.filter((key) => answersOf(key).size > 1).length,
          shared: validation.filter((each) => train.some((other) => keyOf(other) === keyOf(each))).length,
        };
        const answerOf = ({ answer }: { answer: string }) => answer;
        assert.deepEqual(repetitionsIn(items, validation, answerOf), expected);
        assert.deepEqual(repetitionsIn([...train, ...validation], validation, answerOf), expected);
      }),
    );
  });

  it('distinguish tagged sentences from tables and prose', async () => {
    const kindOf = async (text: string) => (await inspect('a.txt', text)).kind;
    assert.equal(await kindOf('a X\nb Y\n\nc X\nd Y\n'), 'tagged');
    assert.equal(await kindOf('a long text\t1\nanother text\t0\n\nmore text\t1\nlast text\t0\n'), 'table');
    assert.equal(await kindOf('One two three.\nFour five.\n\nSix seven.\nEight.\n'), 'text');
  });
});
