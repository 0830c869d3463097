import assert from 'node:assert/strict';
import fc from 'fast-check';
import { CONFIRMATION_MS, Confirmations } from '../../../../src/cli/mcp/confirmations.ts';

describe('confirmations', () => {
  it('are for one call with the same arguments in any order, once', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.dictionary(fc.string(), fc.jsonValue()),
        (args, other) => {
          const confirmations = new Confirmations();
          const reordered = Object.fromEntries(Object.entries(args).reverse());
          const token = confirmations.offer('tool', args);
          assert.equal(confirmations.redeem(token, 'tool', reordered), true);
          assert.equal(confirmations.redeem(token, 'tool', args), false);
          assert.equal(confirmations.redeem(confirmations.offer('tool', args), 'another', args), false);
          fc.pre(!fc.stringify(args).includes('-0') && !fc.stringify(other).includes('-0'));
          const isEqual = fc.stringify(sorted(args)) === fc.stringify(sorted(other));
          assert.equal(confirmations.redeem(confirmations.offer('tool', args), 'tool', other), isEqual);
        },
      ),
    );
  });

  it('are over after a time', () => {
    let now = 0;
    const confirmations = new Confirmations(() => now);
    const [early, late] = [confirmations.offer('tool', {}), confirmations.offer('tool', {})];
    now = CONFIRMATION_MS - 1;
    assert.equal(confirmations.redeem(early, 'tool', {}), true);
    now = CONFIRMATION_MS;
    assert.equal(confirmations.redeem(late, 'tool', {}), false);
  });

  it('are forgotten if many others wait', () => {
    const confirmations = new Confirmations();
    const first = confirmations.offer('tool', {});
    for (let i = 0; i < 200; i++) confirmations.offer('tool', { i });
    assert.equal(confirmations.redeem(first, 'tool', {}), false);
    assert.equal(confirmations.redeem('unknown', 'tool', {}), false);
  });
});

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, each]: [string, unknown]) => [key, sorted(each)]);
}
