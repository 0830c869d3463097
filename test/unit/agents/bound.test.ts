import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AgentContext, TrainingStatus } from '../../../src/agents/context.ts';
import { AGENT_TOOLS } from '../../../src/agents/registry.ts';
import { boundTo } from '../../../src/agents/tool.ts';
import { disk } from '../../../src/platform/files.ts';
import { annotate } from '../../../src/runs/annotations.ts';
import { runsFolder } from '../../../src/runs/home.ts';
import { RunLock } from '../../../src/runs/lock.ts';
import { exampleRecord, writeExample } from '../runs/examples.ts';
import { temporaryFolder } from '../runs/temporary.ts';
import { fakeContext } from './fakeLab.ts';

describe('a confirmation', () => {
  const folder = temporaryFolder();
  const home = () => join(folder(), 'home');
  const workspace = () => join(folder(), 'workspace');
  let phase: TrainingStatus['phase'] | undefined;

  const context = (): AgentContext =>
    fakeContext({
      home: home(),
      workspace: [workspace()],
      trainings: { ...fakeContext().trainings, status: () => phase && { phase } },
    });

  /** What the confirmation of a call is bound to. */
  async function bound(name: string, args: object): Promise<string> {
    const asked = await AGENT_TOOLS.find((tool) => tool.name === name)?.confirmation(args, context());
    assert.ok(asked?.ok && asked.confirmation, JSON.stringify(asked));
    return boundTo(asked.confirmation);
  }

  const store = async (step: number, state: 'stopped' | 'completed' | 'running' = 'stopped') => {
    const { progress } = exampleRecord('run-a');
    return writeExample(
      runsFolder(home()),
      exampleRecord('run-a', { state, steps: 1000, progress: { ...progress, step } }),
    );
  };

  beforeEach(async () => {
    phase = undefined;
    await mkdir(workspace());
    await store(100);
  });

  const calls = [
    ['resume_run', { run: 'run-a', learningRate: 0.5 }],
    ['annotate_run', { run: 'run-a', starred: true }],
    ['export_run', { runs: ['run-a'], format: 'csv', path: 'out.csv', replace: true }],
  ] as const;

  for (const [name, args] of calls)
    it(`of ${name} is over once the run has changed, and not before`, async () => {
      const before = await bound(name, args);
      assert.equal(await bound(name, args), before);
      await store(200);
      const later = await bound(name, args);
      assert.notEqual(later, before);
      await store(200, 'completed');
      assert.notEqual(await bound(name, args), later);
    });

  it('of annotate_run is over once the annotations have changed', async () => {
    const args = { run: 'run-a', appendNote: 'A note.' };
    const before = await bound('annotate_run', args);
    await annotate(join(runsFolder(home()), 'run-a'), { note: 'Another note.' }, disk);
    assert.notEqual(await bound('annotate_run', args), before);
  });

  it('of export_run is over once another file would be replaced', async () => {
    const args = { runs: ['run-a'], format: 'csv', path: 'out.csv', replace: true };
    const free = await bound('export_run', args);
    await writeFile(join(workspace(), 'out.csv'), 'mine');
    const first = await bound('export_run', args);
    await writeFile(join(workspace(), 'out.csv'), 'mine too');
    assert.equal(new Set([free, first, await bound('export_run', args)]).size, 3);
  });

  it('of stop_run holds while the run trains on, and is over once it has begun', async () => {
    phase = 'preparing';
    const before = await bound('stop_run', { run: 'run-a' });
    phase = 'training';
    const lock = await RunLock.acquire(await store(100, 'running'), disk);
    try {
      const begun = await bound('stop_run', { run: 'run-a' });
      assert.notEqual(begun, before);
      await store(300, 'running');
      assert.equal(await bound('stop_run', { run: 'run-a' }), begun);
      // Its export is one of a run that trains, whose steps go on while the question is read.
      const [, args] = calls[2];
      const asked = await bound('export_run', args);
      await store(400, 'running');
      assert.equal(await bound('export_run', args), asked);
    } finally {
      await lock.release();
    }
  });
});
