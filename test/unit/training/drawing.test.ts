import assert from 'node:assert/strict';
import { Generator } from '../../../src/random/generator.ts';
import { describeDraw, drawId } from '../../../src/training/drawing.ts';

describe('describeDraw', () => {
  const generator = Generator.forPurpose(1, 'test');
  const tokens = ['<unk>', ...'abcdefghijklmnop'];
  const unwritten = [0];
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

  /** Random logits, with the token that a rule draws from them. */
  function drawn(rule: { temperature: number; topK?: number }, count = tokens.length) {
    const logits = Float32Array.from(tokens, () => 3 * generator.nextNormal());
    const id = drawId(logits, { ...rule, unwritten }, generator);
    return { id, logits, described: describeDraw({ id, logits }, tokens, { ...rule, unwritten }, count) };
  }

  for (const rule of [{ temperature: 1 }, { temperature: 0.4 }, { temperature: 3, topK: 4 }, { temperature: 0 }]) {
    it(`gives probabilities that sum to 1 before and after ${JSON.stringify(rule)}`, () => {
      for (let n = 0; n < 50; n++) {
        const { id, described } = drawn(rule);
        const { top, ...own } = described;
        assert.ok(Math.abs(sum(top.map(({ before }) => before)) - 1) < 1e-6);
        assert.ok(Math.abs(sum(top.map(({ after }) => after)) - 1) < 1e-9);
        assert.deepEqual(
          top.map(({ before }) => before),
          top.map(({ before }) => before).toSorted((a, b) => b - a),
        );
        assert.equal(top.find(({ token }) => token === '<unk>')?.after, 0);
        assert.equal(own.token, tokens[id]);
        assert.deepEqual(top.find(({ token }) => token === own.token)?.before, own.before);
        assert.ok(Math.abs(own.surprisal + Math.log(own.before)) < 1e-9);
        assert.ok(own.after > 0, 'a token that is never drawn was drawn');
      }
    });
  }

  it('raises the probabilities to the power of 1 / temperature', () => {
    for (let n = 0; n < 50; n++) {
      const { top } = drawn({ temperature: 0.5 }).described;
      const written = top.filter(({ token }) => token !== '<unk>');
      const squares = written.map(({ before }) => before ** 2);
      for (const [at, { after }] of written.entries())
        assert.ok(Math.abs(after - (squares[at] ?? 0) / sum(squares)) < 1e-6);
    }
  });

  it('gives the number of tokens that are asked for, and none but the most likely ones after top-k', () => {
    const { top } = drawn({ temperature: 2, topK: 3 }, 10).described;
    assert.equal(top.length, 10);
    const written = top.filter(({ token }) => token !== '<unk>');
    assert.ok(written.slice(0, 3).every(({ after }) => after > 0));
    assert.ok(written.slice(3).every(({ after }) => after === 0));
  });
});
