import assert from 'node:assert/strict';
import fc from 'fast-check';
import * as z from 'zod';
import { boundedMeasures, boundedText } from '../../../src/agents/boundedMeasures.ts';

const large = z.object({
  labels: z.array(z.string()),
  confusion: z.undefined().optional(),
  largestConfusions: z.array(z.object({ label: z.string(), answer: z.string(), count: z.int() })),
  lengths: z.object({ labels: z.int() }),
});

describe('measures in answers', () => {
  it('do not grow with the number of labels, and keep the largest confusions', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.infiniteStream(fc.nat(50)), (count, numbers) => {
        const labels = Array.from({ length: count }, (_, i) => `label ${i}`);
        const next = () => Number(numbers.next().value);
        const confusion = labels.map(() => labels.map(next));
        const measures = { n: 5, accuracy: 0.5, confusion, labels };
        const bounded = boundedMeasures(measures);
        if (count <= 20) return assert.deepEqual(bounded, measures);
        const { largestConfusions, lengths, ...others } = large.parse(bounded);
        assert.equal(others.labels.length, 20);
        assert.equal(lengths.labels, count);
        const wrong = confusion.flatMap((row, i) => row.filter((_, j) => i !== j)).filter((each) => each > 0);
        assert.deepEqual(
          largestConfusions.map((each) => each.count),
          wrong.sort((a, b) => b - a).slice(0, 20),
        );
        for (const { label, answer, count: times } of largestConfusions)
          assert.equal(confusion[labels.indexOf(label)]?.[labels.indexOf(answer)], times);
      }),
    );
  });

  it('cut the lines of a long text, and say so', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), (count) => {
        const text = Array.from({ length: count }, (_, i) => `line ${i}`).join('\n');
        const bounded = boundedText(text);
        assert.equal(bounded.endsWith('…'), count > 20);
        if (count <= 20) assert.equal(bounded, text);
        else assert.ok(text.startsWith(bounded.slice(0, -1)));
      }),
    );
  });
});
