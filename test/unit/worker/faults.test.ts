import assert from 'node:assert/strict';
import { dirname, join } from 'node:path';
import { Session } from '../../../src/worker/session.ts';
import { ACTIONS, shortRuns, tryFaults } from '../../fixtures/faultCases.ts';
import { FaultyFiles } from '../../fixtures/faultyFiles.ts';
import { temporaryFolder } from '../runs/temporary.ts';
import { request } from './fixture.ts';

/** The kind of run that writes everything: every accident happens at each of its operations, by name in others too. */
const WHOLE = 'language model';

/** Most file operations of each action of a short run. */
const MOST_OPERATIONS = { train: 60, resume: 74, restore: 34 } as const;

describe('short run with an accident at each of its file operations', function () {
  this.timeout(900_000);
  const home = temporaryFolder();

  for (const action of ACTIONS) {
    for (const [kind, short] of Object.entries(shortRuns)) {
      it(`${action}: is listed, and continues as if nothing had happened: ${kind}`, async () => {
        const tried = await tryFaults(home(), short, { action, whole: kind === WHOLE });
        const { operations, cases, states, resumed, failures } = tried;
        assert.deepEqual(failures, []);
        assert.ok(operations > 20 && operations <= MOST_OPERATIONS[action], `${operations} operations`);
        assert.ok(cases > operations && resumed > states / 2, `${resumed} of ${states} resumed`);
      });
    }
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
    assert.ok(renames.length > 6);
    for (const { path, index } of renames) {
      const written = operations
        .slice(0, index)
        .flatMap((each) =>
          each.name.startsWith('write') && (each.path === path || dirname(each.path) === path) ? [each] : [],
        );
      for (const file of written) assert.equal(file.name, 'writeFlushed', `${file.path} was not flushed`);
      const after = operations.slice(index);
      const flush = after.findIndex((each) => each.name === 'syncFolder' && each.path === dirname(path));
      // A folder that is replaced is renamed three times, the first time in vain.
      assert.ok(flush > 0 && flush <= 3, `the folder of ${path} was not flushed`);
    }
  });
});
