import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import * as fc from 'fast-check';
import { runConfigSchema } from '../../../src/config/schema.ts';
import { quoted, shareable } from '../../../src/export/page/reproduction.ts';
import { shownSettings } from '../../../src/export/page/settings.ts';

describe('how to repeat a run', () => {
  it('names files without the folders of this computer', () => {
    const config = runConfigSchema.parse({ data: { train: '/home/someone/a b.txt', validation: 'C:\\texts\\b.txt' } });
    const { train, validation } = shareable(config).data;
    assert.deepEqual([train, validation], ['a b.txt', 'b.txt']);
  });

  it('quotes any name for a shell', function () {
    if (process.platform === 'win32') this.skip();
    const name = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => !/[\0/]/.test(text));
    fc.assert(
      fc.property(name, (text) => {
        const printed = execFileSync('sh', ['-c', `printf %s ${quoted(text)}`], { encoding: 'utf8' });
        assert.equal(printed.replace(/^\.\/-/, '-'), text);
      }),
      { numRuns: 30 },
    );
  });

  it('lists the settings that differ from the defaults first', () => {
    const settings = shownSettings(runConfigSchema.parse({ model: { units: 7 }, training: { steps: 3 } }));
    assert.deepEqual(
      settings.filter(({ value, standard }) => value !== standard).map(({ path }) => path),
      settings.slice(0, 2).map(({ path }) => path),
    );
    assert.deepEqual(new Set(settings.slice(0, 2).map(({ path }) => path)), new Set(['model.units', 'training.steps']));
  });
});
