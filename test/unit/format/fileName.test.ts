import assert from 'node:assert/strict';
import { join, normalize } from 'node:path';
import fc from 'fast-check';
import { fileName } from '../../../src/format/fileName.ts';
import { HOSTILE } from '../../fuzz/hostile.ts';

describe('a name for a file', () => {
  const names = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...HOSTILE, '..', '.', 'a/../../b', 'C:\\a'));

  it('stays in its folder, and hides nothing', () =>
    fc.assert(
      fc.property(names, (name) => {
        const file = `${fileName(name)}.csv`;
        assert.equal(normalize(join('/folder', file)), `/folder/${file}`);
        assert.doesNotMatch(file, /[\p{Cc}\u202e]/u);
      }),
    ));

  it('is the name itself if nothing is wrong with it', () =>
    assert.equal(fileName('naïve 日本.txt'), 'naïve 日本.txt'));
});
