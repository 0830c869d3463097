import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { paragraphAt } from '../../../../src/host/classification/paragraph.ts';

const linesOf = (lines: readonly string[]) => ({
  count: lines.length,
  at: (line: number) => lines[line] ?? assert.fail(`there is no line ${line}`),
});

describe('paragraphAt', () => {
  it('contains the cursor and extends to the nearest blank lines', () => {
    const lines = fc.array(fc.constantFrom('', '  ', 'a', ' b '), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(lines, fc.nat(29), (content, at) => {
        const line = at % content.length;
        const found = paragraphAt(linesOf(content), line);
        const isBlank = (index: number) => content[index]?.trim() === '' || content[index] === undefined;
        if (!found) {
          assert.ok(isBlank(line));
          return;
        }
        assert.ok(found.first <= line && line <= found.last);
        for (let index = found.first; index <= found.last; index++) assert.ok(!isBlank(index));
        assert.ok(isBlank(found.first - 1) && isBlank(found.last + 1));
      }),
    );
  });

  it('is undefined in a long text without blank lines', () => {
    assert.equal(paragraphAt(linesOf(new Array<string>(10_000).fill('row')), 5000), undefined);
  });
});
