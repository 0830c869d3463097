import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AgentContext, Trainings } from '../../../src/agents/context.ts';
import { AGENT_TOOLS } from '../../../src/agents/registry.ts';
import { disk } from '../../../src/platform/files.ts';
import { runsFolder } from '../../../src/runs/home.ts';
import { RunLock } from '../../../src/runs/lock.ts';
import { exampleRecord, writeExample } from '../runs/examples.ts';
import { temporaryFolder } from '../runs/temporary.ts';
import { fakeContext } from './fakeLab.ts';

/** Calls that start work or change something, on the store and the workspace of the tests. */
const CALLS: readonly (readonly [tool: string, args: object])[] = [
  ['start_training', { path: 'text.txt' }],
  ['start_training', { from: 'run-a' }],
  ['start_sweep', { sweep: { base: { task: { name: 'adding' } }, fields: { 'model.units': { values: [3, 5] } } } }],
  ['resume_run', { run: 'run-a', steps: 200 }],
  ['stop_run', { run: 'run-b' }],
  ['export_run', { runs: ['run-a'], format: 'csv', path: 'out.csv' }],
];

describe('a call that is aborted during its checks', () => {
  const folder = temporaryFolder();
  const home = () => join(folder(), 'home');
  const workspace = () => join(folder(), 'workspace');

  async function lab(done: string[], signal: AbortSignal): Promise<AgentContext> {
    await mkdir(workspace());
    await writeFile(join(workspace(), 'text.txt'), 'a b c');
    await writeExample(runsFolder(home()), exampleRecord('run-a', { config: { task: { name: 'adding' } } }));
    const noted =
      <Result>(name: string, result: Result) =>
      async () => {
        done.push(name);
        return Promise.resolve(result);
      };
    const trainings: Trainings = {
      start: noted('start', { run: 'run-new' }),
      resume: noted('resume', { run: 'run-a' }),
      stop: noted('stop', true),
      startSweep: noted('startSweep', { sweep: 'sweep-a', trials: 2 }),
      status: (id) => (id === 'run-b' ? { phase: 'training' } : undefined),
    };
    return fakeContext({ home: home(), workspace: [workspace()], signal, trainings });
  }

  for (const [name, args] of CALLS)
    it(`starts, stops and writes nothing: ${name} ${Object.keys(args).join(', ')}`, async () => {
      const tool = AGENT_TOOLS.find((each) => each.name === name);
      assert.ok(tool);
      const done: string[] = [];
      const controller = new AbortController();
      const context = await lab(done, controller.signal);
      const lock = await RunLock.acquire(
        await writeExample(runsFolder(home()), exampleRecord('run-b', { state: 'running' })),
        disk,
      );
      try {
        const out = join(workspace(), 'out.csv');
        const call = tool.call(args, context);
        controller.abort(new Error('The client left.'));
        await assert.rejects(call, /The client left/);
        assert.deepEqual([done, existsSync(out)], [[], false]);
        const answer = await tool.call(args, { ...context, signal: new AbortController().signal });
        assert.ok(answer.ok, JSON.stringify(answer));
        assert.ok(done.length === 1 || existsSync(out));
      } finally {
        await lock.release();
      }
    });
});
