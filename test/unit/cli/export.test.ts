import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EXPORT_FORMATS, type ExportFlags, exportRuns } from '../../../src/cli/export.ts';
import { exitCodeOf, ExitCode } from '../../../src/cli/exitCodes.ts';
import { temporaryFolder } from '../runs/temporary.ts';
import { request, train } from '../worker/fixture.ts';

describe('sequence-lab export', function () {
  this.timeout(180_000);
  const home = temporaryFolder();

  const flags = (out: string, others: object = {}): ExportFlags => ({
    all: false,
    live: false,
    force: false,
    out: join(home(), out),
    ...others,
  });
  const isBadInput = (error: unknown) => exitCodeOf(error) === ExitCode.badInput;

  it('refuses input that cannot be exported, before it writes', async () => {
    const { folder } = await train(request(home(), { training: { steps: 1 }, probes: { every: 0 } }));
    const existing = join(home(), 'existing.csv');
    await writeFile(existing, 'mine');
    const refused: [runs: string[], flags: ExportFlags][] = [
      [[folder], flags('curves')],
      [[folder], flags('curves', { csv: true, json: true })],
      [[folder], flags('probes.npz', { what: 'curves' })],
      [[folder], flags('curves.csv', { text: existing })],
      [[folder], flags('existing.csv')],
      [[folder], flags('probes.npz')],
      [[], flags('curves.csv')],
      [[folder], flags('curves.csv', { all: true })],
      [['no-such-run'], flags('curves.csv')],
      [[folder], flags('curves.csv', { filter: 'units > 0' })],
      [[], flags('curves.csv', { filter: 'units > 0', all: true })],
      [[], flags('curves.csv', { filter: 'units >' })],
      [[], flags('curves.csv', { filter: 'id = nobody' })],
    ];
    for (const [runs, given] of refused) await assert.rejects(exportRuns(runs, given), isBadInput, given.out);
    assert.equal(await readFile(existing, 'utf8'), 'mine');
    await exportRuns([folder], flags('existing.csv', { force: true }));
    assert.notEqual(await readFile(existing, 'utf8'), 'mine');
  });

  it('exports the runs of the store that match a filter', async () => {
    const before = process.env['SEQUENCE_LAB_HOME'];
    process.env['SEQUENCE_LAB_HOME'] = join(home(), 'lab');
    try {
      for (const units of [4, 6, 8]) {
        await train(request(join(home(), 'lab'), { model: { units }, training: { steps: 1 }, probes: { every: 0 } }));
      }
      await exportRuns([], flags('runs.csv', { what: 'runs', filter: 'units > 4' }));
      const [head = '', ...rows] = (await readFile(join(home(), 'runs.csv'), 'utf8')).trim().split(/\r?\n/);
      const column = head.split(',').indexOf('model.units');
      assert.deepEqual(rows.map((row) => row.split(',')[column]).sort(), ['6', '8']);
    } finally {
      if (before === undefined) delete process.env['SEQUENCE_LAB_HOME'];
      else process.env['SEQUENCE_LAB_HOME'] = before;
    }
  });

  it('has contents for every format', () => {
    for (const [name, { contents }] of Object.entries(EXPORT_FORMATS)) assert.ok(contents.length > 0, name);
  });
});
