import assert from 'node:assert/strict';
import fc from 'fast-check';
import { labeledTexts } from '../../../../src/data/labeled/labeledTexts.ts';
import { padSequences, SequenceBatcher } from '../../../../src/data/labeled/sequenceBatcher.ts';
import { splitByLabel, splitByText, splitLabeled } from '../../../../src/data/labeled/split.ts';
import { numberTexts } from '../../../../src/data/labeled/textKeys.ts';
import { readTable } from '../../../../src/data/table/readTable.ts';
import { Generator } from '../../../../src/random/generator.ts';
import { inputError } from '../helpers.ts';
import { heldOutByLabel, heldOutByText, keyOf } from './referenceSplit.ts';
import { seeds } from '../../../harness/seeds.ts';

const table = (name: string, text: string) => readTable({ kind: 'text', name, text });

describe('labeled texts', () => {
  it('detects texts and labels by the names of their columns', async () => {
    const { items, labels } = labeledTexts(await table('a.csv', 'id,label,text\n1,x,a\n2,y,b\n'));
    assert.deepEqual(
      items.map(({ text, label }) => [text, label]),
      [
        ['a', 'x'],
        ['b', 'y'],
      ],
    );
    assert.deepEqual(labels, ['x', 'y']);
  });

  it('detects them without names: the longest texts, and the fewest labels', async () => {
    const rows = Array.from({ length: 12 }, (_, index) => `${index}\tpos${index % 2}\tsome text of number ${index}`);
    const { items } = labeledTexts(await table('a.tsv', rows.join('\n')));
    assert.deepEqual(items[3], { line: 4, text: 'some text of number 3', label: 'pos1' });
  });

  it('sorts numeric labels by value', async () => {
    const { labels } = labeledTexts(
      await table('a.tsv', ['10', '9', '-1'].map((label) => `some text\t${label}`).join('\n')),
    );
    assert.deepEqual(labels, ['-1', '9', '10']);
  });

  it('uses columns specified by name or number, and rejects others', async () => {
    const texts = await table('a.csv', 'text,label,score\nlong words,1,x\nmore words,2,x\n');
    assert.deepEqual(labeledTexts(texts, { text: '1', label: 'score' }).labels, ['x']);
    assert.throws(
      () => labeledTexts(texts, { label: 'stars' }),
      inputError('no-column', 'stars', 'text, label, score'),
    );
  });

  it('does not use a column that is mostly blank as labels, and leaves out rows without a label', async () => {
    const rows = Array.from({ length: 12 }, (_, index) =>
      [index === 0 ? 'section' : '', `some text of number ${index}`, index === 5 ? '' : `class${index % 2}`].join('\t'),
    );
    const { items, labels, problems } = labeledTexts(await table('a.tsv', rows.join('\n')));
    assert.deepEqual(labels, ['class0', 'class1']);
    assert.equal(items.length, 11);
    assert.deepEqual(
      problems.map(({ line }) => line),
      [6],
    );
  });

  it('reads the groups of a column', async () => {
    const texts = await table('a.csv', 'text,label,author\na b,x,ann\nc d,y,\n');
    const { items } = labeledTexts(texts, { group: 'author' });
    assert.deepEqual(
      items.map(({ group }) => group),
      ['ann', undefined],
    );
  });

  it('does not use texts as labels', async () => {
    const rows = Array.from({ length: 12 }, (_, index) => `text number ${index}\tother ${index}`);
    const texts = await table('a.tsv', rows.join('\n'));
    assert.throws(() => labeledTexts(texts), inputError('no-labels', 'a.tsv'));
  });
});

describe('splitting by text', () => {
  const items = fc.array(
    fc.record({ text: fc.constantFrom('a', 'A ', 'b', 'c', 'd  e', 'D E', 'f'), label: fc.nat(3) }),
    { maxLength: 30 },
  );

  it('keeps every item, and equal texts together', () => {
    fc.assert(
      fc.property(items, fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(), (all, share, seed) => {
        const [first, second] = splitByText(all, share, Generator.forPurpose(seed, 'split'));
        assert.equal(first.length + second.length, all.length);
        const key = ({ text }: { text: string }) => text.toLowerCase().replaceAll(/\s+/g, ' ').trim();
        const there = new Set(first.map(key));
        assert.ok(second.every((item) => !there.has(key(item))));
        const distinct = new Set(all.map(key)).size;
        assert.equal(new Set(second.map(key)).size, Math.round(share * distinct));
      }),
      seeds(100),
    );
  });

  it('is reproducible with the same seed', () => {
    const all = Array.from({ length: 50 }, (_, index) => ({ text: `text ${index}` }));
    const split = (seed: number) => splitByText(all, 0.3, Generator.forPurpose(seed, 'split'));
    assert.deepEqual(split(1), split(1));
    assert.notDeepEqual(split(1), split(2));
  });
});

describe('splitting by label', () => {
  const key = ({ text }: { text: string }) => text.toLowerCase().replaceAll(/\s+/g, ' ').trim();
  const share = fc.double({ min: 0.05, max: 0.5, noNaN: true });
  const items = fc.array(
    fc.record({
      text: fc.tuple(fc.nat(40), fc.constantFrom('a', 'A ')).map(([number, sign]) => `${number} ${sign}`),
      label: fc.constantFrom('x', 'y', 'z'),
      group: fc.option(fc.constantFrom('p', 'q', 'r'), { nil: undefined, freq: 1 }),
    }),
    { maxLength: 120 },
  );

  it('keeps every item, and equal texts and groups together', () => {
    fc.assert(
      fc.property(items, share, fc.nat(), (all, fraction, seed) => {
        for (const split of ['stratified', 'random'] as const) {
          const how = { split, validationShare: fraction };
          const [first, second] = splitLabeled(all, how, Generator.forPurpose(seed, 'split'));
          assert.deepEqual([...first, ...second].sort(byItem), [...all].sort(byItem));
          const [texts, groups] = [new Set(first.map(key)), new Set(first.map(({ group }) => group))];
          for (const item of second) {
            assert.ok(!texts.has(key(item)));
            assert.ok(item.group === undefined || !groups.has(item.group));
          }
        }
      }),
      seeds(300),
    );
  });

  it('has each label in proportion in both parts, within one text', () => {
    const counts = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(counts, share, fc.nat(), (sizes, fraction, seed) => {
        const all = sizes.flatMap((size, label) =>
          Array.from({ length: size }, (_, index) => ({ text: `${label} ${index}`, label: `l${label}` })),
        );
        const [, second] = splitByLabel(all, fraction, Generator.forPurpose(seed, 'split'));
        sizes.forEach((size, label) => {
          const found = second.filter((item) => item.label === `l${label}`).length;
          assert.ok(Math.abs(found - fraction * size) < 1, `${found} of ${size}`);
          assert.ok(found < size, 'a label is missing in the first part');
        });
        if (sizes.every((size) => size > 1)) assert.equal(second.length, Math.round(fraction * all.length));
      }),
      seeds(300),
    );
  });

  it('holds out the smallest group if all are larger than the share', () => {
    const all = ['p', 'p', 'p', 'q', 'q'].map((group, index) => ({ text: `text ${index}`, label: 'x', group }));
    const [first, second] = splitByLabel(all, 0.2, Generator.forPurpose(1, 'split'));
    assert.deepEqual([first.length, second.length], [3, 2]);
  });

  it('is reproducible with the same seed, and at random as in earlier versions', () => {
    const all = Array.from({ length: 50 }, (_, index) => ({ text: `text ${index}`, label: `${index % 3}` }));
    const split = (seed: number) => splitByLabel(all, 0.3, Generator.forPurpose(seed, 'split'));
    assert.deepEqual(split(1), split(1));
    assert.notDeepEqual(split(1), split(2));
    const how = { split: 'random', validationShare: 0.3 } as const;
    assert.deepEqual(
      splitLabeled(all, how, Generator.forPurpose(1, 'split')),
      splitByText(all, 0.3, Generator.forPurpose(1, 'split')),
    );
  });
});

function byItem(a: object, b: object): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
}

describe('splitting many texts', () => {
  const item = fc.record({
    text: fc.constantFrom(
      'a b',
      'A  b',
      ' a b ',
      'c',
      'C',
      'd',
      'e',
      'É',
      'é',
      'é f',
      'g\u00a0h',
      'G h',
      '',
      '漢',
      'i',
      'j',
      'k',
    ),
    label: fc.constantFrom('x', 'y', 'z'),
    group: fc.option(fc.constantFrom('1', '2', '3', '4'), { nil: undefined, freq: 2 }),
  });
  const items = fc.array(item, { maxLength: 30 });

  it('has the parts that maps of all texts and groups give', () => {
    fc.assert(
      fc.property(
        items,
        fc.boolean(),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.nat(99),
        (drawn, grouped, share, seed) => {
          const all = grouped ? drawn : drawn.map(({ text, label }) => ({ text, label }));
          const generator = () => Generator.forPurpose(seed, 'split');
          for (const [[first, second], heldOut] of [
            [splitByLabel(all, share, generator()), heldOutByLabel(all, share, generator())],
            [splitByText(all, share, generator()), heldOutByText(all, share, generator())],
          ] as const) {
            assert.deepEqual(
              second,
              all.filter((each) => heldOut.has(each)),
            );
            assert.deepEqual(
              first,
              all.filter((each) => !heldOut.has(each)),
            );
          }
        },
      ),
      seeds(2000),
    );
  });

  it('numbers texts that differ only in case and white space alike', () => {
    fc.assert(
      fc.property(items, (all) => {
        const { numbers, distinct } = numberTexts(all);
        const keys = [...new Set(all.map(keyOf))];
        assert.equal(distinct, keys.length);
        assert.deepEqual(
          [...numbers],
          all.map((each) => keys.indexOf(keyOf(each))),
        );
      }),
      seeds(1000),
    );
  });
});

describe('batches of sequences', () => {
  const sequences = fc.array(
    fc.record({
      ids: fc.array(fc.integer({ min: 1, max: 8 }), { maxLength: 12 }).map((ids) => Int32Array.from(ids)),
      label: fc.nat(2),
    }),
    {
      minLength: 1,
      maxLength: 40,
    },
  );
  const PADDING = 9;

  it('yield every sequence once per epoch, padded at the end', () => {
    fc.assert(
      fc.property(sequences, fc.integer({ min: 1, max: 7 }), (all, batchSize) => {
        const batcher = new SequenceBatcher(all, { batchSize, paddingId: PADDING, seed: 3 });
        for (let epoch = 0; epoch < 2; epoch++) {
          const seen: string[] = [];
          do {
            const { ids, lengths, labels, timeSteps, batch } = batcher.next();
            assert.equal(ids.length, timeSteps * batch);
            for (let b = 0; b < batch; b++) {
              const column = Array.from({ length: timeSteps }, (_, t) => ids[t * batch + b]!);
              const length = lengths[b]!;
              assert.ok(length >= 1 && column.slice(length).every((id) => id === PADDING));
              seen.push(JSON.stringify([column.slice(0, length), labels[b]]));
            }
          } while (batcher.position.batch < batcher.batchesInEpoch);
          const expected = all.map(({ ids, label }) => JSON.stringify([ids.length === 0 ? [0] : [...ids], label]));
          assert.deepEqual(seen.sort(), expected.sort());
        }
      }),
      seeds(100),
    );
  });

  it('resume exactly from a stored position', () => {
    fc.assert(
      fc.property(sequences, fc.nat(20), (all, steps) => {
        const make = () => new SequenceBatcher(all, { batchSize: 3, paddingId: PADDING, seed: 5 });
        const whole = make();
        for (let step = 0; step < steps; step++) whole.next();
        const resumed = make();
        resumed.seek(whole.position);
        assert.deepEqual(resumed.next(), whole.next());
      }),
      seeds(100),
    );
  });

  it('contain sequences of similar length', () => {
    const all = Array.from({ length: 400 }, (_, index) => ({
      ids: new Int32Array(1 + ((index * 7) % 40)).fill(1),
      label: 0,
    }));
    const batcher = new SequenceBatcher(all, { batchSize: 10, paddingId: PADDING, seed: 1 });
    for (let step = 0; step < batcher.batchesInEpoch; step++) {
      const { lengths } = batcher.next();
      assert.ok(Math.max(...lengths) - Math.min(...lengths) <= 1);
    }
  });

  it('can have other sequences in every epoch', () => {
    const batcher = new SequenceBatcher((epoch) => [{ ids: Int32Array.of(epoch + 1), label: 0 }], {
      batchSize: 2,
      paddingId: PADDING,
      seed: 1,
    });
    assert.deepEqual(
      [batcher.next(), batcher.next()].map(({ ids }) => [...ids]),
      [[1], [2]],
    );
  });

  it('need sequences', () => {
    assert.throws(() => new SequenceBatcher([], { batchSize: 2, paddingId: 1, seed: 1 }), RangeError);
    assert.deepEqual(padSequences([], 1), { ids: new Int32Array(), lengths: new Int32Array(), timeSteps: 1, batch: 0 });
  });
});
