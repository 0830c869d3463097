import assert from 'node:assert/strict';
import { join } from 'node:path';
import { ClassifierProcess, TrainerProcess } from '../../../src/cli/trainerProcess.ts';
import { temporaryFolder } from '../runs/temporary.ts';
import { request } from '../worker/fixture.ts';

describe('a process that cannot be started', () => {
  const home = temporaryFolder();
  const node = process.execPath;
  const unhandled: unknown[] = [];
  const note = (error: unknown) => unhandled.push(error);

  beforeEach(() => {
    process.execPath = join(home(), 'no-such-program');
    process.on('unhandledRejection', note);
  });

  afterEach(() => {
    process.execPath = node;
    process.off('unhandledRejection', note);
  });

  for (const [kind, ask] of [
    ['trainer', () => asked(new TrainerProcess(0), async ({ remote }) => remote.stop())],
    [
      'classifier',
      () =>
        asked(new ClassifierProcess(), async ({ remote }) =>
          remote.openClassifier({ run: null, backends: request(home()).backends }),
        ),
    ],
  ] as const)
    it(`answers a call with the reason, and ends nothing else: ${kind}`, async () => {
      const { child, answer } = ask();
      await assert.rejects(answer, /no-such-program/);
      await assert.rejects(child.death, /no-such-program/);
      await child.close();
      await new Promise(setImmediate);
      assert.deepEqual(unhandled, []);
    });
});

function asked<Child extends TrainerProcess | ClassifierProcess>(
  child: Child,
  ask: (child: Child) => Promise<unknown>,
) {
  return { child, answer: ask(child) };
}
