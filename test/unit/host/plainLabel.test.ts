import assert from 'node:assert/strict';
import { plainLabel } from '../../../src/host/plainLabel.ts';
import { HOSTILE } from '../../fuzz/hostile.ts';

describe('a text in a label of VS Code', () => {
  it('shows icons as they are written', () => {
    assert.equal(plainLabel('a $(alert) b $(sync~spin)'), 'a \\$(alert) b \\$(sync~spin)');
    assert.equal(plainLabel('costs $(5 + 3) and $'), 'costs $(5 + 3) and $');
  });

  it('hides nothing', () => {
    for (const text of HOSTILE) assert.doesNotMatch(plainLabel(text), /[\p{Cc}\u202e]|(?<!\\)\$\(alert\)/u);
  });
});
