import assert from 'node:assert/strict';
import { copyFile, mkdir, readdir, readFile, readlink, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as z from 'zod';
import { AGENT_TOOLS } from '../../../../src/agents/registry.ts';
import { readAnnotations } from '../../../../src/runs/annotations.ts';
import { runsFolder } from '../../../../src/runs/home.ts';
import { lockHolder } from '../../../../src/runs/lock.ts';
import { readRecord } from '../../../../src/runs/record.ts';
import { type AgentClient, connectAgent, PATIENT } from '../../../../scripts/lib/agentClient.ts';
import { experiment } from '../../../../scripts/lib/experimenter.ts';
import { root } from '../../../../scripts/lib/paths.ts';
import { exampleRecord, writeExample } from '../../runs/examples.ts';
import { fakeContext } from '../../agents/fakeLab.ts';
import { temporaryFolder } from '../../runs/temporary.ts';
import { WATCH } from '../watchSockets.ts';

const cli = fileURLToPath(new URL('../../../../src/cli.ts', import.meta.url));

const startedRun = z.object({ run: z.string() });
const TINY = { 'model.units': 4, 'data.sequenceLength': 10, 'training.batchSize': 2, backend: 'wasm' };
const LABELED = { 'task.name': 'classification' };
const token = /"confirmation": "([0-9a-f]+)"/;

describe('the server of tools for agents', function () {
  this.timeout(600_000);
  const folder = temporaryFolder();
  const home = () => join(folder(), 'home');
  const workspace = () => join(folder(), 'workspace');
  let agent: AgentClient | undefined;

  async function connect(options: Partial<Parameters<typeof connectAgent>[0]> = {}): Promise<AgentClient> {
    agent = await connectAgent({ cli, workspace: workspace(), home: home(), confirm: () => true, ...options });
    return agent;
  }

  beforeEach(async () => {
    await mkdir(workspace());
    await copyFile(join(root, 'media', 'samples', 'tide.txt'), join(workspace(), 'tide.txt'));
  });

  afterEach(async () => {
    await agent?.close();
    agent = undefined;
  });

  it('lets a scripted agent do an experiment: train, read the verdict, change what is advised, compare, annotate, export', async () => {
    const questions: string[] = [];
    const { call } = await connect({ confirm: (message) => questions.push(message) > 0, negotiate: 'auto' });
    const { first, second, vanishedAfter, changed, best, entries } = await experiment(call, {
      file: 'tide.txt',
      out: 'results/curves.csv',
    });
    assert.ok(vanishedAfter > 0 && vanishedAfter < 40);
    assert.deepEqual(
      entries.map(({ tool }) => tool),
      'inspect_data start_training get_run start_training get_run compare_runs annotate_run export_run'.split(' '),
    );
    // Only what was advised differs, and each call that starts or changes something was confirmed.
    const [before, after] = await Promise.all(
      [first, second].map(async (run) => readRecord(join(runsFolder(home()), run))),
    );
    assert.deepEqual(after?.parent, { run: first, reason: 'again', changes: changed });
    assert.deepEqual({ ...before?.config, model: null }, { ...after?.config, model: null });
    assert.equal(questions.length, 4);
    assert.ok([first, second].includes(best));
    const { note, tags } = await readAnnotations(join(runsFolder(home()), second));
    assert.deepEqual(tags, ['memory']);
    assert.ok(note.includes(first) && note.includes(String(vanishedAfter)));
    const csv = await readFile(join(workspace(), 'results', 'curves.csv'), 'utf8');
    assert.ok(csv.includes(first) && csv.includes(second));
  });

  it('answers every other tool about a run', async () => {
    const { client, call } = await connect();
    const { tools } = await client.listTools();
    assert.deepEqual(
      tools.map(({ name }) => name),
      AGENT_TOOLS.map(({ name }) => name),
    );
    const ok = async (tool: string, args: object) => {
      const answer = await call(tool, { ...args });
      assert.equal(answer.isError, false, `${tool}: ${answer.text}`);
      return answer.content;
    };
    const { run } = startedRun.parse(await ok('start_training', { path: 'tide.txt', set: TINY, steps: 20 }));
    const progress: number[] = [];
    await client.callTool(
      { name: 'get_run', arguments: { run, waitSeconds: 60 } },
      { ...PATIENT, onprogress: (each) => progress.push(each.progress) },
    );
    assert.deepEqual(
      progress,
      [...new Set(progress)].sort((a, b) => a - b),
    );
    await finished(async () => (await ok('get_run', { run, waitSeconds: 30 }))['state'] === 'completed');
    assert.equal((await ok('list_runs', { filter: 'units = 4' }))['total'], 1);
    const read = await ok('read_gates', { run, text: 'tide' });
    assert.deepEqual([read['tokens'], read['gate']], [['t', 'i', 'd', 'e'], 'forget']);
    assert.equal((await ok('evaluate_run', { run, path: 'tide.txt' }))['skipped'], 0);
    const texts = z.array(z.string()).parse((await ok('generate_text', { run, length: 7, samples: 2 }))['texts']);
    assert.deepEqual(
      texts.map(({ length }) => length),
      [7, 7],
    );
    assert.equal(
      z.array(z.unknown()).parse((await ok('classify_text', { texts: ['Fine.', 'Bad.'] }))['answers']).length,
      2,
    );
    const { sweep, trials } = z
      .object({ sweep: z.string(), trials: z.int() })
      .parse(await ok('start_sweep', { sweep: { from: run, fields: { 'model.units': { values: [3, 5] } } } }));
    assert.equal(trials, 2);
    await finished(
      async () => (await ok('list_runs', { filter: `sweep = "${sweep}" and state = completed` }))['total'] === 2,
    );
    const endless = await ok('start_sweep', {
      sweep: { from: run, base: { training: { steps: 1_000_000 } }, fields: { 'model.units': { values: [3, 5] } } },
    });
    const ofEndless = (state: string) => ({ filter: `sweep = "${String(endless['sweep'])}" and state = ${state}` });
    await finished(async () => Number((await ok('list_runs', ofEndless('running')))['total']) > 0);
    await ok('stop_run', { run: endless['sweep'] });
    await finished(async () => (await ok('list_runs', ofEndless('running')))['total'] === 0);
    await ok('resume_run', { run, steps: 1_000_000 });
    const refused = await call('resume_run', { run, steps: 1_000_001 });
    assert.equal(refused.isError, true);
    await finished(async () => (await lockHolder(join(runsFolder(home()), run))) !== undefined);
    await ok('stop_run', { run });
    await finished(async () => (await ok('get_run', { run, waitSeconds: 30 }))['state'] !== 'running');
  });

  it('opens no network connection and listens on no socket, nor do its trainers', async function () {
    if (process.platform !== 'linux') this.skip();
    const preload = join(folder(), 'watch.mjs');
    await writeFile(preload, WATCH);
    const noted = join(folder(), 'sockets.txt');
    const env = { NODE_OPTIONS: `--import ${pathToFileURL(preload).href}`, WATCHED_SOCKETS: noted };
    const { pid, call } = await connect({ env });
    const { run } = startedRun.parse(
      (await call('start_training', { path: 'tide.txt', set: TINY, steps: 1_000_000 })).content,
    );
    const tree = [pid, ...(await childrenOf(pid))];
    assert.ok(tree.length > 1);
    for (const each of tree) assert.deepEqual(await networkSockets(each), []);
    await call('read_gates', { run, text: 'a' });
    await call('stop_run', { run });
    const lines = (await readFile(noted, 'utf8')).trim().split('\n');
    assert.ok(lines.length >= tree.length);
    assert.deepEqual([...new Set(lines)], ['watching']);
  });

  for (const negotiate of ['legacy', 'auto'] as const)
    it(`changes nothing that the user declines (${negotiate})`, async () => {
      const questions: string[] = [];
      const run = await writeExample(runsFolder(home()), exampleRecord('run-a'));
      const { call, client } = await connect({ confirm: (message) => questions.push(message) < 0, negotiate });
      assert.equal((client.getNegotiatedProtocolVersion() ?? '') >= '2026', negotiate === 'auto');
      const answer = await call('annotate_run', { run: 'run-a', name: 'changed' });
      assert.equal(answer.isError, true);
      assert.equal(questions.length, 1);
      assert.equal((await readAnnotations(run)).name, null);
    });

  it('takes an empty form for no consent', async () => {
    const run = await writeExample(runsFolder(home()), exampleRecord('run-a'));
    const { call, client } = await connect();
    client.setRequestHandler('elicitation/create', () => ({ action: 'accept', content: {} }));
    await call('annotate_run', { run: 'run-a', name: 'changed' }).catch(() => undefined);
    assert.equal((await readAnnotations(run)).name, null);
  });

  it('asks again if a sweep file was exchanged after the confirmation', async () => {
    const { call } = await connect({ confirm: undefined });
    const path = join(workspace(), 'a.sequence-lab-sweep.json');
    const write = async (batchSize: number) =>
      writeFile(
        path,
        JSON.stringify({
          base: { data: { train: 'tide.txt' }, training: { batchSize } },
          fields: { 'model.units': { values: [3, 4] } },
        }),
      );
    await write(2);
    const confirmation = token.exec((await call('start_sweep', { path })).text)?.[1] ?? '';
    await write(3);
    const again = await call('start_sweep', { path, confirmation });
    assert.equal(again.isError, true);
    const next = token.exec(again.text)?.[1] ?? '';
    assert.ok(next !== '' && next !== confirmation);
    assert.equal((await readdir(workspace())).length, 2);
    assert.deepEqual(await readdir(home()).catch(() => []), []);
  });

  it('gives a client that cannot ask its user a token for a second call', async () => {
    const run = await writeExample(runsFolder(home()), exampleRecord('run-a'));
    const { call } = await connect({ confirm: undefined });
    const args = { run: 'run-a', name: 'first' };
    const offered = await call('annotate_run', args);
    const confirmation = token.exec(offered.text)?.[1] ?? '';
    assert.equal(offered.isError, true);
    assert.equal((await readAnnotations(run)).name, null);
    // The token is for the same arguments, and for one call.
    assert.equal((await call('annotate_run', { ...args, name: 'second', confirmation })).isError, true);
    const again = token.exec((await call('annotate_run', args)).text)?.[1] ?? '';
    assert.equal((await call('annotate_run', { ...args, confirmation: again })).isError, false);
    assert.equal((await readAnnotations(run)).name, 'first');
    assert.equal((await call('annotate_run', { ...args, confirmation: again })).isError, true);
  });

  it('starts and changes nothing in an untrusted workspace, and reads', async () => {
    await writeExample(runsFolder(home()), exampleRecord('run-a'));
    const { call } = await connect({
      flags: ['--untrusted'],
      confirm: () => assert.fail('Nothing is asked in an untrusted workspace.'),
    });
    assert.equal((await call('get_run', { run: 'run-a' })).isError, false);
    const before = await filesIn(folder());
    for (const tool of AGENT_TOOLS) {
      if (tool.effect === 'reads') continue;
      const args = WORKING[tool.name] ?? {};
      assert.ok(tool.input.safeParse(args).success, tool.name);
      const { isError, text } = await call(tool.name, args);
      // The reason is the trust, not the arguments.
      const answer = await tool.call(args, fakeContext({ isTrusted: false }));
      assert.ok(isError && !answer.ok && text === answer.message, `${tool.name}: ${text}`);
    }
    assert.deepEqual(await filesIn(folder()), before);
  });

  it('answers wrong names, paths and arguments with what to do, not with an error of the protocol', async () => {
    await symlink('/etc', join(workspace(), 'link'));
    const { call } = await connect();
    for (const [tool, args, named] of [
      ['get_run', { run: 'gone' }, 'list_runs'],
      ['inspect_data', { path: '../secret.txt' }, workspace()],
      ['inspect_data', { path: 'link/passwd' }, workspace()],
      ['inspect_data', { path: 'missing.txt' }, 'missing.txt'],
      ['start_training', { path: 'tide.txt', set: { ...LABELED, 'data.validation': '/etc/passwd' } }, workspace()],
      ['start_training', { path: 'tide.txt', set: { ...LABELED, 'task.wordVectors': '/etc/passwd' } }, workspace()],
      ['start_training', { path: 'tide.txt', set: { 'model.unit': 3 } }, 'model.units'],
      [
        'start_sweep',
        { sweep: { base: { data: { train: '/etc/passwd' } }, fields: { 'model.units': { values: [1, 2] } } } },
        workspace(),
      ],
      ['list_runs', { filter: 'cell = ' }, ''],
      ['get_run', { name: 'a' }, 'run'],
    ] as const) {
      const answer = await call(tool, args);
      assert.equal(answer.isError, true, tool);
      assert.ok(answer.text.includes(named), answer.text);
    }
  });

  it('ends its runs with a checkpoint when the client closes it', async () => {
    const { call, close } = await connect();
    const { run } = startedRun.parse(
      (await call('start_training', { path: 'tide.txt', set: TINY, steps: 1_000_000 })).content,
    );
    const stored = join(runsFolder(home()), run);
    await finished(async () => (await lockHolder(stored)) !== undefined);
    await close();
    await finished(async () => (await lockHolder(stored)) === undefined);
    const { state, progress } = await readRecord(stored);
    assert.ok(state === 'stopped' || state === 'interrupted', state);
    assert.ok(progress.step > 0);
  });
});

/** Arguments with which a tool does something in a trusted workspace. */
const WORKING: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  start_training: { path: 'tide.txt', set: TINY, steps: 1 },
  start_sweep: { sweep: { from: 'run-a', fields: { 'model.units': { values: [1, 2] } } } },
  stop_run: { run: 'run-a' },
  resume_run: { run: 'run-a', steps: 1000 },
  annotate_run: { run: 'run-a', starred: true },
  export_run: { runs: ['run-a'], format: 'csv', path: 'curves.csv' },
};

/** Paths of all files and folders in a folder, with the content of files. */
async function filesIn(folder: string): Promise<(readonly [string, string])[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const found = entries.map(async (entry) => {
    const path = join(entry.parentPath, entry.name);
    return [path, entry.isFile() ? await readFile(path, 'latin1') : ''] as const;
  });
  return (await Promise.all(found)).sort(([a], [b]) => (a < b ? -1 : 1));
}

async function finished(isFinished: () => Promise<boolean>): Promise<void> {
  while (!(await isFinished())) await new Promise((resolve) => setTimeout(resolve, 200));
}

/** Pids of the processes below one. */
async function childrenOf(pid: number): Promise<number[]> {
  const found = (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).trim().split(' ');
  const children = found.flatMap((each) => (each === '' ? [] : Number(each)));
  return [...children, ...(await Promise.all(children.map(childrenOf))).flat()];
}

/** Sockets of a process that reach the network or listen. The pipes to other processes are sockets, too. */
async function networkSockets(pid: number): Promise<string[]> {
  const folder = `/proc/${pid}/fd`;
  const targets = await Promise.all(
    (await readdir(folder)).map(async (fd) => readlink(join(folder, fd)).catch(() => '')),
  );
  const own = new Set(targets.flatMap((target) => /^socket:\[(\d+)\]$/.exec(target)?.[1] ?? []));
  const tables = await Promise.all(
    ['tcp', 'tcp6', 'udp', 'udp6'].map(async (name) => readFile(`/proc/${pid}/net/${name}`, 'utf8').catch(() => '')),
  );
  const network = tables
    .flatMap((table) => table.split('\n').slice(1))
    .filter((line) => own.has(line.trim().split(/\s+/)[9] ?? ''));
  const local = (await readFile(`/proc/${pid}/net/unix`, 'utf8')).split('\n').slice(1);
  const listening = local.filter((line) => {
    const [, , , flags, , , inode] = line.trim().split(/\s+/);
    return own.has(inode ?? '') && (Number.parseInt(flags ?? '0', 16) & LISTENS) !== 0;
  });
  return [...network, ...listening];
}

/** Flag of a local socket that accepts connections. */
const LISTENS = 0x10000;
