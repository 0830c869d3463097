import assert from 'node:assert/strict';
import { Generator } from '../../../src/random/generator.ts';
import { describeDraw, draw, type DrawingRule, REPETITION_WINDOW } from '../../../src/training/drawing.ts';

describe('describeDraw', () => {
  const generator = Generator.forPurpose(1, 'test');
  const tokens = ['<unk>', ...'abcdefghijklmnop'];
  const unwritten = [0];
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

  /** Random logits, with the token that a rule draws from them. */
  function drawn(rule: Omit<DrawingRule, 'unwritten'>, count = tokens.length) {
    const logits = Float32Array.from(tokens, () => 3 * generator.nextNormal());
    const token = draw(logits, { ...rule, unwritten }, generator);
    return { ...token, described: describeDraw(token, tokens, { ...rule, unwritten }, count) };
  }

  for (const rule of [
    { temperature: 1 },
    { temperature: 0.4 },
    { temperature: 3, topK: 4 },
    { temperature: 0 },
    { temperature: 2, topP: 0.6 },
    { temperature: 2, minP: 0.2 },
    { temperature: 1, repetitionPenalty: 1.5, topK: 6, topP: 0.9, minP: 0.05 },
  ]) {
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

  it('describes a draw by the weights that it was drawn with', () => {
    const logits = Float32Array.from(tokens, () => 3 * generator.nextNormal());
    const recent = tokens.map((_, id) => id % 5);
    for (const rule of [
      { temperature: 0, unwritten },
      { temperature: 0.7, unwritten, repetitionPenalty: 1.5, topK: 9, topP: 0.9, minP: 0.01 },
    ]) {
      const token = draw(logits, rule, generator, recent);
      const { weights, ...withoutWeights } = token;
      assert.ok(weights);
      const computed = describeDraw(withoutWeights, tokens, rule, 10);
      assert.deepEqual(describeDraw(token, tokens, rule, 10), computed);
      const alone = { ...token, weights: weights.map((weight, id) => (id === token.id ? weight : 0)) };
      assert.equal(describeDraw(alone, tokens, rule, 10).after, 1);
    }
  });

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

describe('the rules of drawing', () => {
  const generator = Generator.forPurpose(2, 'test');
  const tokens = ['<unk>', ...'abcdefghijklmnop'];
  const logitsOf = () => Float32Array.from(tokens, () => 3 * generator.nextNormal());
  /** Probabilities that a rule draws the tokens with, by id. */
  const probabilities = (
    logits: Float32Array,
    rule: Omit<DrawingRule, 'unwritten'>,
    recent: readonly number[] = [],
  ) => {
    const described = { ...rule, unwritten: [0] };
    const { top } = describeDraw({ id: 1, logits, recent }, tokens, described, tokens.length);
    const byToken = new Map(top.map(({ token, after }) => [token, after]));
    return tokens.map((token) => byToken.get(token) ?? NaN);
  };
  const softmax = (logits: readonly number[]) => {
    const weights = logits.map((logit, id) => (id === 0 ? 0 : Math.exp(logit)));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return weights.map((weight) => weight / total);
  };
  const close = (found: readonly number[], wanted: readonly number[]) =>
    found.forEach((value, id) =>
      assert.ok(Math.abs(value - wanted[id]!) < 1e-6, `${tokens[id]}: ${value}, ${wanted[id]}`),
    );

  it('keep with top-p the fewest most likely tokens that add up to the share', () => {
    for (let n = 0; n < 100; n++) {
      const [logits, topP] = [logitsOf(), 0.05 + 0.9 * generator.nextUniform()];
      const all = softmax([...logits]);
      const order = tokens.map((_, id) => id).sort((a, b) => all[b]! - all[a]!);
      let sum = 0;
      const kept = order.filter((id) => {
        if (sum >= topP) return false;
        sum += all[id]!;
        return true;
      });
      close(
        probabilities(logits, { temperature: 1, topP }),
        all.map((each, id) => (kept.includes(id) ? each / sum : 0)),
      );
    }
  });

  it('keep with min-p the tokens that are likely enough compared with the most likely one', () => {
    for (let n = 0; n < 100; n++) {
      const [logits, minP] = [logitsOf(), generator.nextUniform()];
      const all = softmax([...logits]);
      const kept = all.map((each) => (each >= minP * Math.max(...all) ? each : 0));
      const sum = kept.reduce((total, each) => total + each, 0);
      close(
        probabilities(logits, { temperature: 1, minP }),
        kept.map((each) => each / sum),
      );
    }
  });

  it('penalize the last tokens once each, and none before them', () => {
    for (let n = 0; n < 100; n++) {
      const [logits, repetitionPenalty] = [logitsOf(), 1 + generator.nextUniform()];
      const recent = Array.from({ length: 5 }, () => 1 + Math.floor(16 * generator.nextUniform()));
      const penalized = Array.from(logits, (logit, id) =>
        !recent.includes(id) ? logit : logit > 0 ? logit / repetitionPenalty : logit * repetitionPenalty,
      );
      close(probabilities(logits, { temperature: 1, repetitionPenalty }, recent), softmax(penalized));
      const old = new Array<number>(REPETITION_WINDOW).fill(0);
      const rule = { temperature: 1, repetitionPenalty, unwritten: [0] };
      const { recent: window } = draw(logits, rule, generator, [...recent, ...old]);
      assert.deepEqual(window, old);
    }
  });

  it('are the plain distribution where they are off', () => {
    const logits = logitsOf();
    const off = { temperature: 1, topK: 0, topP: 1, minP: 0, repetitionPenalty: 1 };
    assert.deepEqual(probabilities(logits, off, [1, 2]), probabilities(logits, { temperature: 1 }));
  });
});
