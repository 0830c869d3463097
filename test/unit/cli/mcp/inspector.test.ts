import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { AGENT_TOOLS } from '../../../../src/agents/registry.ts';
import { connectAgent } from '../../../../scripts/lib/agentClient.ts';
import { root } from '../../../../scripts/lib/paths.ts';
import { temporaryFolder } from '../../runs/temporary.ts';

/** The built command line, because it is started for each call. */
const cli = join(root, 'dist', 'cli.js');

/** Program of the inspector: the path in SEQUENCE_LAB_INSPECTOR. */
const inspector = process.env['SEQUENCE_LAB_INSPECTOR'] ?? '';

const skipped = inspector === '' ? ' (skipped: SEQUENCE_LAB_INSPECTOR is not set to the program of the inspector)' : '';

/** Arguments of each tool about a run. */
const exampleArguments: Readonly<Record<string, (run: string) => Readonly<Record<string, unknown>>>> = {
  list_runs: () => ({ limit: 3 }),
  get_run: (run) => ({ run }),
  compare_runs: (run) => ({ runs: [run, run] }),
  inspect_data: () => ({ path: 'tide.txt' }),
  read_gates: (run) => ({ run, text: 'tide' }),
  classify_text: () => ({ texts: ['Fine.'] }),
  evaluate_run: (run) => ({ run, path: 'tide.txt' }),
  generate_text: (run) => ({ run, length: 5 }),
  start_training: (run) => ({ from: run }),
  start_sweep: (run) => ({ sweep: { from: run, fields: { 'model.units': { values: [3, 5] } } } }),
  stop_run: (run) => ({ run }),
  resume_run: (run) => ({ run, steps: 100 }),
  annotate_run: (run) => ({ run, starred: true }),
  export_run: (run) => ({ runs: [run], format: 'csv', path: 'curves.csv' }),
};

/** Tools whose example is refused: a run is not compared with itself, and one that has ended is not stopped. */
const REFUSED: ReadonlySet<string> = new Set(['compare_runs', 'stop_run']);

const called = z.object({
  isError: z.boolean().default(false),
  content: z.array(z.object({ text: z.string().optional() })),
});

describe(`the official inspector${skipped}`, function () {
  this.timeout(600_000);
  const folder = temporaryFolder();

  before(function () {
    if (inspector === '') this.skip();
  });

  async function inspect(...args: readonly string[]): Promise<unknown> {
    const server = [process.execPath, cli, 'mcp', '--workspace', folder()];
    // It does not pass its environment on to the server.
    const home = ['-e', `SEQUENCE_LAB_HOME=${join(folder(), 'home')}`];
    const env = { ...process.env, HOME: folder() };
    const { output, errors } = await new Promise<{ output: string; errors: string }>((resolve) => {
      // An answer that is an error ends it with an exit code above 0.
      execFile(process.execPath, [inspector, '--cli', ...home, ...server, ...args], { env }, (_, stdout, stderr) =>
        resolve({ output: stdout, errors: stderr }),
      );
    });
    assert.ok(output.includes('\n}'), `${args.join(' ')}: ${output}${errors}`);
    // A line with the reason of the exit code may follow.
    return JSON.parse(output.slice(0, output.lastIndexOf('\n}') + 2));
  }

  it('lists and calls every tool; those that the user confirms answer with their cost', async () => {
    await mkdir(join(folder(), 'home'));
    await copyFile(join(root, 'media', 'samples', 'tide.txt'), join(folder(), 'tide.txt'));
    const agent = await connectAgent({ cli, workspace: folder(), home: join(folder(), 'home'), confirm: () => true });
    const set = { 'model.units': 4, 'data.sequenceLength': 10, 'training.batchSize': 2, backend: 'wasm' };
    const started = await agent.call('start_training', { path: 'tide.txt', set, steps: 10 });
    const run = z.string().parse(started.content['run']);
    await agent.call('get_run', { run, waitSeconds: 60 });
    await agent.close();

    const { tools } = z
      .object({ tools: z.array(z.looseObject({ name: z.string() })) })
      .parse(await inspect('--method', 'tools/list'));
    assert.deepEqual(
      tools.map(({ name }) => name),
      AGENT_TOOLS.map(({ name }) => name),
    );
    for (const { name, effect } of AGENT_TOOLS) {
      const pairs = Object.entries(exampleArguments[name]?.(run) ?? {}).map(
        ([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
      );
      const answer = called.parse(await inspect('--method', 'tools/call', '--tool-name', name, '--tool-arg', ...pairs));
      const [text] = answer.content;
      assert.equal(answer.isError, effect !== 'reads' || REFUSED.has(name), `${name}: ${text?.text}`);
      if (effect !== 'reads' && !REFUSED.has(name)) assert.match(text?.text ?? '', /"confirmation": "[0-9a-f]+"/, name);
    }
  });
});
