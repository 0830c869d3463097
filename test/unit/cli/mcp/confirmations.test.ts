import assert from 'node:assert/strict';
import fc from 'fast-check';
import { CONFIRMATION_MS, Confirmations, type ShownCall } from '../../../../src/cli/mcp/confirmations.ts';

const callOf = (args: unknown): ShownCall => ({ tool: 'tool', args, shown: 'shown' });

describe('confirmations', () => {
  it('are for one call with the same arguments in any order, once', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.dictionary(fc.string(), fc.jsonValue()),
        (args, other) => {
          const confirmations = new Confirmations();
          const reordered = Object.fromEntries(Object.entries(args).reverse());
          const token = confirmations.offer(callOf(args));
          assert.equal(confirmations.redeem(token, callOf(reordered)), true);
          assert.equal(confirmations.redeem(token, callOf(args)), false);
          assert.equal(
            confirmations.redeem(confirmations.offer(callOf(args)), { ...callOf(args), tool: 'another' }),
            false,
          );
          fc.pre(!fc.stringify(args).includes('-0') && !fc.stringify(other).includes('-0'));
          const isEqual = fc.stringify(sorted(args)) === fc.stringify(sorted(other));
          assert.equal(confirmations.redeem(confirmations.offer(callOf(args)), callOf(other)), isEqual);
        },
      ),
    );
  });

  it('are of what the user has seen, and used up when the user declines', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (shown, other) => {
        const confirmations = new Confirmations();
        const call = { ...callOf({}), shown };
        assert.equal(confirmations.redeem(confirmations.offer(call), { ...call, shown: other }), shown === other);
        const declined = confirmations.offer(call);
        confirmations.forget(declined);
        assert.equal(confirmations.redeem(declined, call), false);
      }),
    );
  });

  it('are over after a time', () => {
    let now = 0;
    const confirmations = new Confirmations(() => now);
    const [early, late] = [confirmations.offer(callOf({})), confirmations.offer(callOf({}))];
    now = CONFIRMATION_MS - 1;
    assert.equal(confirmations.redeem(early, callOf({})), true);
    now = CONFIRMATION_MS;
    assert.equal(confirmations.redeem(late, callOf({})), false);
  });

  it('are forgotten if many others wait', () => {
    const confirmations = new Confirmations();
    const first = confirmations.offer(callOf({}));
    for (let i = 0; i < 200; i++) confirmations.offer(callOf({ i }));
    assert.equal(confirmations.redeem(first, callOf({})), false);
    assert.equal(confirmations.redeem('unknown', callOf({})), false);
  });
});

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, each]: [string, unknown]) => [key, sorted(each)]);
}
