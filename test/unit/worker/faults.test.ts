import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { disk } from '../../../src/platform/files.ts';
import { releaseLockOfEndedThread } from '../../../src/runs/lock.ts';
import { readMetrics } from '../../../src/runs/metricsLog.ts';
import { readProbes } from '../../../src/runs/probeStore.ts';
import { readRecord } from '../../../src/runs/record.ts';
import { Session } from '../../../src/worker/session.ts';
import { type Fault, FaultyFiles } from '../../fixtures/faultyFiles.ts';
import { temporaryFolder } from '../runs/temporary.ts';
import { request } from './fixture.ts';

const STEPS = 2;

describe('short run with a fault at any file operation', function () {
  this.timeout(300_000);
  const home = temporaryFolder();

  const asked = (out: string) => ({
    ...request(home(), {
      data: { sequenceLength: 2 },
      model: { units: 1 },
      training: { steps: STEPS, validateEvery: 2, checkpointEvery: 1, batchSize: 1 },
      probes: { every: 2 },
    }),
    out,
  });

  /** Runs to the end or the fault. @returns the steps of the checkpoints that were reported as written */
  async function run(out: string, files: FaultyFiles): Promise<number[]> {
    const written: number[] = [];
    try {
      const session = await Session.start(
        asked(out),
        (event) => {
          if (event.event === 'start') written.push(0);
          if (event.event === 'checkpoint') written.push(event.step);
        },
        files,
      );
      await session.train();
    } catch (error) {
      if (!files.reached) throw error;
    }
    return written;
  }

  /** Checks that a run opens, and continues from its last complete checkpoint to its end as without a fault. */
  async function assertWhole(out: string, written: readonly number[]): Promise<void> {
    await releaseLockOfEndedThread(out);
    await readRecord(out);
    await readMetrics(out);
    await readProbes(out);
    let resumedAt = -1;
    const session = await Session.resume(
      { folder: out, changes: { steps: STEPS + 1 }, backends: asked(out).backends },
      (event) => {
        if (event.event === 'start') resumedAt = event.step;
      },
    );
    assert.ok(resumedAt >= written.at(-1)!, `resumed at ${resumedAt}, though ${written.at(-1)} was whole`);
    assert.equal((await session.train()).reason, 'completed');
    const steps = (await readMetrics(out)).flatMap((event) => (event.event === 'step' ? [event.step] : []));
    assert.deepEqual(steps, [1, 2, 3]);
    assert.deepEqual(
      (await readProbes(out)).map(({ step }) => step),
      [0, 2],
    );
    assert.equal((await readRecord(out)).state, 'completed');
    const temporary = (await readdir(out, { recursive: true })).filter((name) => /\.(new|old)$|lock/.test(name));
    assert.deepEqual(temporary, []);
    const untouched = await reference();
    assert.deepEqual(await readFile(join(out, 'model', 'weights.bin')), untouched);
  }

  let weights: Buffer | undefined;
  /** Weights of a run of the same length without faults. */
  async function reference(): Promise<Buffer> {
    if (weights) return weights;
    const out = join(home(), 'reference');
    const { config, ...rest } = asked(out);
    const session = await Session.start(
      { ...rest, config: { ...config, training: { ...config.training, steps: STEPS } } },
      () => undefined,
    );
    await session.train();
    const resumed = await Session.resume(
      { folder: out, changes: { steps: STEPS + 1 }, backends: rest.backends },
      () => undefined,
    );
    await resumed.train();
    weights = await readFile(join(out, 'model', 'weights.bin'));
    return weights;
  }

  /** Operations to try: every one for power cuts, which can lose more than a kill, and every third one otherwise. */
  const cases: readonly { readonly name: string; readonly fault: Fault; readonly power: boolean; stride: number }[] = [
    { name: 'on a full disk', fault: 'fails', power: false, stride: 3 },
    { name: 'whose process is killed', fault: 'stops', power: false, stride: 3 },
    { name: 'whose computer loses power', fault: 'stops', power: true, stride: 1 },
  ];
  for (const { name, fault, power, stride } of cases) {
    it(`resumes from its last complete checkpoint, or does not exist: ${name}`, async () => {
      for (let at = 0; ; at += stride) {
        const out = join(home(), `run-${at}`);
        const files = new FaultyFiles(at, fault);
        const written = await run(out, files);
        if (power) await files.cutPower();
        const place = `operation ${at}, ${JSON.stringify(files.operations[at])}`;
        try {
          if (written.length > 0) await assertWhole(out, written);
          // If a run did not start, its folder can be reused or contains a resumable run.
          else if (fault === 'fails' && existsSync(join(out, 'run.json'))) await assertWhole(out, [0]);
          else if (fault === 'fails' && existsSync(out)) assert.deepEqual(await readdir(out), []);
        } catch (error) {
          throw new Error(`after ${place}`, { cause: error });
        }
        await disk.remove(out);
        if (!files.reached) break;
      }
    });
  }

  it('flushes every file before it is renamed, and its folder afterwards', async () => {
    const files = new FaultyFiles();
    await run(join(home(), 'run'), files);
    const { operations } = files;
    // A lock does not survive a power cut.
    const renames = operations.flatMap(({ name, path }, index) =>
      name === 'rename' && !path.includes('lock.') ? [{ path, index }] : [],
    );
    assert.ok(renames.length > 10);
    for (const { path, index } of renames) {
      const written = operations
        .slice(0, index)
        .flatMap((each, place) =>
          each.name === 'write' && (each.path === path || dirname(each.path) === path)
            ? [{ path: each.path, place }]
            : [],
        );
      for (const file of written) {
        const later = operations.slice(file.place, index);
        assert.ok(
          later.some((each) => each.name === 'sync' && each.path === file.path),
          `${file.path} was renamed before it was flushed`,
        );
      }
      const after = operations.slice(index);
      const flush = after.findIndex((each) => each.name === 'syncFolder' && each.path === dirname(path));
      assert.ok(flush > 0 && flush <= 2, `the folder of ${path} was not flushed`);
    }
  });
});
