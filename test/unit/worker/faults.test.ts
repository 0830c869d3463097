import assert from 'node:assert/strict';
import { dirname, join } from 'node:path';
import { Session } from '../../../src/worker/session.ts';
import { shortRuns, tryFaults } from '../../fixtures/faultCases.ts';
import { FaultyFiles } from '../../fixtures/faultyFiles.ts';
import { temporaryFolder } from '../runs/temporary.ts';
import { request } from './fixture.ts';

/** Most file operations of a short run. */
const MOST_OPERATIONS = 170;

describe('short run with an accident at each of its file operations', function () {
  this.timeout(900_000);
  const home = temporaryFolder();

  for (const [kind, short] of Object.entries(shortRuns)) {
    it(`is listed, and continues as if nothing had happened: ${kind}`, async () => {
      const { operations, cases, resumed, failures } = await tryFaults(home(), short);
      assert.deepEqual(failures, []);
      assert.ok(operations > 50 && operations < MOST_OPERATIONS, `${operations} operations`);
      assert.ok(cases > operations && resumed > cases / 2, `${resumed} of ${cases} resumed`);
    });
  }

  it('flushes every file before it is renamed, and its folder afterwards', async () => {
    const files = new FaultyFiles();
    const training = { steps: 2, validateEvery: 2, checkpointEvery: 1 };
    const start = request(home(), { model: { units: 1 }, training, probes: { every: 2 } });
    await (await Session.start({ ...start, out: join(home(), 'run') }, () => undefined, files)).train();
    const { operations } = files;
    // A lock does not survive a power cut.
    const renames = operations.flatMap(({ name, path }, index) =>
      name === 'rename' && !path.includes('lock.') ? [{ path, index }] : [],
    );
    assert.ok(renames.length > 10);
    for (const { path, index } of renames) {
      const written = operations
        .slice(0, index)
        .flatMap((each) =>
          each.name.startsWith('write') && (each.path === path || dirname(each.path) === path) ? [each] : [],
        );
      for (const file of written) assert.equal(file.name, 'writeFlushed', `${file.path} was not flushed`);
      const after = operations.slice(index);
      const flush = after.findIndex((each) => each.name === 'syncFolder' && each.path === dirname(path));
      assert.ok(flush > 0 && flush <= 2, `the folder of ${path} was not flushed`);
    }
  });
});
