import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, matchesGlob } from 'node:path';
import fc from 'fast-check';
import { globExpression, globOf, nameOfPath } from '../../../src/platform/globs.ts';

const parts = ['*', '**', '*.md', 'a?', '[ab]*', '[!a]', '{a,b}', 'a{b,c.md}', 'b.md', 'a', '+(a', '*a*b', 'c^$'];
const names = ['a', 'b', 'ab', 'b.md', 'c.md', 'ab.md', 'a+b', '+(a', 'ac.md', 'c^$'];

describe('wildcards', () => {
  it('match the paths that Node matches', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...parts), { minLength: 1, maxLength: 4 }),
        fc.array(fc.constantFrom(...names), { minLength: 1, maxLength: 4 }),
        (pattern, path) => {
          // Node also matches a folder itself with a last "**".
          fc.pre(pattern.at(-1) !== '**' || pattern.length === 1);
          const [glob, name] = [pattern.join('/'), path.join('/')];
          assert.equal(globExpression(glob).test(name), matchesGlob(name, glob), `${name} ${glob}`);
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('begin after the folders without any, and what exists has none', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sequence-lab-globs-'));
    try {
      await mkdir(join(folder, 'x[1]'));
      await writeFile(join(folder, 'x[1]', 'y*.txt'), 'a');
      assert.equal(await globOf(join(folder, 'x[1]')), undefined);
      assert.equal(await globOf(join(folder, 'plain.txt')), undefined);
      assert.deepEqual(await globOf(join(folder, 'x[1]', '**', '*.md')), {
        folder: join(folder, 'x[1]'),
        pattern: '**/*.md',
      });
      assert.equal(await globOf(join(folder, 'x[1]', 'y*.txt')), undefined);
      assert.equal(nameOfPath(join(folder, '*.md')), `${basename(folder)}/*.md`);
      assert.equal(nameOfPath(join(folder, 'plain.txt')), 'plain.txt');
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
