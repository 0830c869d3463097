import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { NO_ANNOTATIONS } from '../../../src/protocol/annotations.ts';
import {
  annotate,
  readableAnnotations,
  readAnnotations,
  writeAnnotations,
  writeNote,
} from '../../../src/runs/annotations.ts';
import { assertNames, errorWith } from '../../harness/facts.ts';
import { quickFiles } from './examples.ts';
import { temporaryFolder } from './temporary.ts';

describe('annotations of a run', () => {
  const folder = temporaryFolder();
  const path = () => join(folder(), 'annotations.json');

  it('are empty without files, and change one at a time', async () => {
    assert.deepEqual(await readAnnotations(folder()), NO_ANNOTATIONS);
    assert.deepEqual(await annotate(folder(), {}, quickFiles), NO_ANNOTATIONS);
    assert.deepEqual(await readdir(folder()), []);
    await annotate(folder(), { starred: true }, quickFiles);
    await annotate(folder(), { note: 'Why?\n' }, quickFiles);
    const changed = await annotate(folder(), { tags: ['paper'], color: '#00ff00' }, quickFiles);
    assert.deepEqual(changed, {
      ...NO_ANNOTATIONS,
      starred: true,
      tags: ['paper'],
      color: '#00ff00',
      note: 'Why?\n',
    });
    assert.deepEqual(await readAnnotations(folder()), changed);
    assert.equal(await readFile(join(folder(), 'note.md'), 'utf8'), 'Why?\n');
    await annotate(folder(), { note: '' }, quickFiles);
    assert.deepEqual(await readdir(folder()), ['annotations.json']);
  });

  it('keep names, tags and notes of any script', async () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1 }).filter((each) => each.trim() !== '');
    const added = fc.record({
      name: fc.option(text.map((each) => each.trim())),
      starred: fc.boolean(),
      color: fc.constantFrom(null, '0', '11', '#a0b1c2'),
      tags: fc.uniqueArray(text.map((each) => each.trim())),
      archived: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(added, fc.string({ unit: 'grapheme' }), async (each, note) => {
        await writeAnnotations(folder(), { ...each }, quickFiles);
        await writeNote(folder(), note, quickFiles);
        assert.deepEqual(await readAnnotations(folder()), { ...each, note });
      }),
      { numRuns: 30 },
    );
  });

  it('of another version, or damaged, are refused by name and not replaced', async () => {
    const cases = [
      ['{"version":2,"name":"x"}', 2],
      ['{"version":1,"color":"red"}', 'color'],
      ['{"version":1,"unknown":1}', ''],
      ['{"version":1', 'JSON'],
      ['[]', '?'],
    ] as const;
    for (const [text, fact] of cases) {
      await writeFile(path(), text);
      await assert.rejects(readAnnotations(folder()), errorWith({}, 'annotations.json', fact));
      await assert.rejects(annotate(folder(), { starred: true }, quickFiles), errorWith({}, 'annotations.json'));
      assert.equal(await readFile(path(), 'utf8'), text);
    }
  });

  it('of a damaged file are the note, which can still be changed, and the reason', async () => {
    await writeFile(path(), '{');
    assert.equal((await annotate(folder(), { note: 'Why?\n' }, quickFiles)).note, 'Why?\n');
    const { annotations, problem } = await readableAnnotations(folder());
    assert.deepEqual(annotations, { ...NO_ANNOTATIONS, note: 'Why?\n' });
    assertNames(problem ?? '', path(), 'JSON');
    await assert.rejects(annotate(folder(), { note: 'x', starred: true }, quickFiles), errorWith({}, path()));
    assert.equal(await readFile(path(), 'utf8'), '{');
    assert.equal(await readFile(join(folder(), 'note.md'), 'utf8'), 'Why?\n');
  });
});
