import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { checkpointReadings, firstDifferent, runDifference } from '../../../src/protocol/difference.ts';
import { assertNames } from '../../harness/facts.ts';
import { temporaryFolder } from '../runs/temporary.ts';
import { request, rhyme, train } from '../worker/fixture.ts';

const cli = fileURLToPath(new URL('../../../src/cli.ts', import.meta.url));
const output = z.object({ runs: z.array(z.object({ id: z.string() })), difference: runDifference.nullable() });

describe('the comparison of two trained runs on the command line', function () {
  this.timeout(300_000);
  const home = temporaryFolder();

  async function run(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
    const env = { ...process.env, SEQUENCE_LAB_HOME: home() };
    return new Promise((resolve) => {
      execFile(process.execPath, [cli, ...args], { env }, (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
      });
    });
  }

  const compared = async (...folders: string[]) => {
    const { code, stdout, stderr } = await run('compare', '--json', ...folders);
    assert.equal(code, 0, stderr);
    return output.parse(JSON.parse(stdout));
  };

  const trained = async (training: object, text = rhyme) =>
    (await train(request(home(), { training: { steps: 20, ...training } }, text))).folder;

  it('shows what differs, and the first step whose numbers differ', async () => {
    const [run1, same, later, other] = [
      await trained({}),
      await trained({}),
      await trained({ schedule: 'step', decayEvery: 8 }),
      await trained({}, `${rhyme}one more line\n`),
    ];

    const equal = (await compared(run1, same)).difference;
    assert.deepEqual([equal?.config, equal?.trainers, equal?.data.equal], [[], [], true]);
    assert.equal(firstDifferent(equal?.quantities ?? []), undefined);
    assert.ok((equal?.quantities ?? []).some(({ metric, compared: steps }) => metric === 'trainLoss' && steps === 20));

    // The learning rate is lower after eight steps; its first effect on a loss is one step later.
    const scheduled = (await compared(run1, later)).difference;
    assert.deepEqual(scheduled?.config.map(({ field }) => field).sort(), ['training.decayEvery', 'training.schedule']);
    const rate = scheduled?.quantities.find(({ metric }) => metric === 'learningRate')?.first?.step ?? 0;
    const loss = scheduled?.quantities.find(({ metric }) => metric === 'trainLoss')?.first?.step;
    assert.ok(rate === 8 || rate === 9, String(rate));
    assert.equal(loss, rate + 1);
    assert.equal(firstDifferent(scheduled?.quantities ?? [])?.metric, 'learningRate');

    const changed = (await compared(run1, other)).difference;
    assert.equal(changed?.data.equal, false);
    assert.deepEqual(changed.data.files[0]?.lines, { added: 1, removed: 0, exact: true });

    const weights = await run('compare', `${run1}@10`, `${run1}@last`);
    assert.equal(weights.code, 0, weights.stderr);
    assertNames(weights.stdout, 'kernel', 10, 20);
    const read = await run('compare', `${run1}@10`, `${run1}@20`, '--read', 'the cat', '--length', '9', '--json');
    assert.equal(read.code, 0, read.stderr);
    const { readings } = z.object({ readings: checkpointReadings.omit({ maps: true }) }).parse(JSON.parse(read.stdout));
    assert.deepEqual(
      readings.readings.map(({ step, tokens, written }) => [step, tokens.join(''), written?.length]),
      [
        [10, 'the cat', 9],
        [20, 'the cat', 9],
      ],
    );
    assert.equal((await run('compare', `${run1}@10`, later)).code, 2, 'a run without a step');
    assert.equal((await run('compare', `${run1}@7`, `${run1}@10`)).code, 2, 'a step without a checkpoint');

    assert.equal((await compared(run1, same, later)).difference, null, 'a difference is of two runs');
    const { code, stdout } = await run('compare', run1, later);
    assert.equal(code, 0);
    assertNames(stdout, basename(run1), basename(later), 'training.decayEvery', rate);
  });
});
