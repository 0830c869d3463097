import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { documentedFormats } from '../../../src/data/documentedFormats.ts';
import { root } from '../../../scripts/lib/paths.ts';
import { inspectDataSet } from '../../../src/data/inspect/inspectDataSet.ts';

/** Files that are not text, as other programs have written them. */
const fixtures = join(root, 'test/fixtures/packed');
const files = readdirSync(fixtures);

describe('the matrix of formats', () => {
  for (const { title, example, kind, tasks } of documentedFormats) {
    it(`says what Inspect finds in its example: ${title}`, async () => {
      const folder = await mkdtemp(join(tmpdir(), 'sequence-lab-formats-'));
      try {
        for (const [name, text] of Object.entries(example)) {
          await mkdir(dirname(join(folder, name)), { recursive: true });
          if (files.includes(name)) await copyFile(join(fixtures, name), join(folder, name));
          else await writeFile(join(folder, name), text);
        }
        const [first = ''] = Object.keys(example);
        const isFolder = (kind === 'folder' || kind === 'corpus') && !files.includes(first);
        const path = isFolder ? folder : join(folder, first);
        const found = await inspectDataSet({ kind: 'file', path }, { validationShare: 0.25, seed: 1 });
        assert.deepEqual([found.kind, [...found.tasks].sort()], [kind, [...tasks].sort()]);
        assert.deepEqual(found.problems.first, []);
        assert.ok(found.items > 0);
      } finally {
        await rm(folder, { recursive: true });
      }
    });
  }

  it('has each format once', () => {
    const titles = documentedFormats.map(({ title }) => title);
    assert.equal(new Set(titles).size, titles.length);
  });
});
