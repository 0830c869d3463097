import assert from 'node:assert/strict';
import { formulasJson } from '../../../scripts/lib/formulas.ts';

describe('typeset formulas', () => {
  const rendered = Object.entries(JSON.parse(formulasJson()) as Record<string, string>);

  it('have space around named operators, except before a parenthesis and inside of a script', () => {
    for (const [id, math] of rendered) {
      assert.doesNotMatch(math, /<mo>\u2061<\/mo><m(?!o>|o |space)/, id);
      assert.doesNotMatch(math, /<m(?:sub|sup)><m[a-z]+>[^<]*<\/m[a-z]+><mspace/, id);
    }
    const [, hidden = ''] = rendered.find(([id]) => id === 'explainHidden') ?? [];
    assert.match(hidden, /<\/msup><mspace[^>]*><\/mspace><mi>tanh<\/mi><mo>\u2061<\/mo><mspace/);
  });
});
