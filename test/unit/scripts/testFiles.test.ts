import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { SLOW_FILES, testFiles } from '../../../scripts/lib/testFiles.ts';
import { root } from '../../../scripts/lib/paths.ts';

const ALL = 'test/{unit,e2e}/**/*.test.ts';

describe('the files of a suite', () => {
  it('are all files of its pattern, each once', () =>
    assert.deepEqual(testFiles(ALL).sort(), globSync(ALL, { cwd: root }).sort()));

  it('begin with the slow ones, the slowest first', () => {
    const slow = Object.keys(SLOW_FILES).sort((a, b) => (SLOW_FILES[b] ?? 0) - (SLOW_FILES[a] ?? 0));
    assert.deepEqual(testFiles(ALL).slice(0, slow.length), slow);
  });
});
