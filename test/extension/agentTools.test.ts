import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import * as vscode from 'vscode';
import * as z from 'zod';
import { AGENT_TOOLS } from '../../src/agents/registry.ts';
import { EDITOR_TOOLS, nameInEditor } from '../../src/host/agents/editorTools.ts';
import { serverDefinitions } from '../../src/host/agents/serverDefinitions.ts';
import { ServerProvider } from '../../src/host/agents/serverProvider.ts';
import type { Lab } from '../../src/host/lab.ts';
import type { RunModel } from '../../src/host/runs/runModel.ts';
import {
  callTool,
  extension,
  fixtureText,
  openLab,
  openPanels,
  runFolders,
  until,
  untilState,
  withoutEditors,
} from './support.ts';

/** Fields with which a run takes seconds. */
const set = {
  'data.sequenceLength': 16,
  'model.units': 8,
  'training.batchSize': 4,
  'training.checkpointEvery': 10,
  'training.validateEvery': 10,
  backend: 'reference',
};

/** Configuration of the trials of a sweep, which take seconds. */
const base = {
  data: { train: 'agent.txt', sequenceLength: 16 },
  model: { units: 4 },
  training: { steps: 3, batchSize: 4 },
  backend: 'reference',
};

/** Setting and context of VS Code that answer the questions of tools with "Continue". */
const APPROVAL = 'chat.tools.global.autoApprove';

const startedRun = z.object({ run: z.string(), state: z.string() });
const contributed = z.array(z.looseObject({ name: z.string(), inputSchema: z.unknown() }));

describe('language model tools', function () {
  this.timeout(240_000);
  withoutEditors();
  let lab: Lab;
  let folder: string;

  before(async () => {
    lab = await openLab();
    folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
    await writeFile(join(folder, 'agent.txt'), fixtureText);
    await vscode.commands.executeCommand('setContext', `vscode.${APPROVAL}.testMode`, true);
    await vscode.workspace.getConfiguration().update(APPROVAL, true, vscode.ConfigurationTarget.Global);
  });

  after(async () => {
    await vscode.workspace.getConfiguration().update(APPROVAL, undefined, vscode.ConfigurationTarget.Global);
    await vscode.commands.executeCommand('setContext', `vscode.${APPROVAL}.testMode`, false);
  });

  const uriOf = (name: string) => vscode.Uri.file(join(folder, name));

  /** Starts a run with a tool. */
  async function started(input: object): Promise<RunModel> {
    const { run, state } = startedRun.parse(await callTool('start_training', { set, ...input }));
    assert.notEqual(state, 'preparing', 'no other run trains, and the data is small');
    const found = lab.runs.run(run);
    assert.ok(found, 'the run is one of this window');
    return found;
  }

  it('are those that package.json contributes, with their schemas', () => {
    const { contributes } = extension().packageJSON as { contributes: { languageModelTools: unknown } };
    const declared = contributed.parse(contributes.languageModelTools);
    const offered = vscode.lm.tools.filter(({ name }) => name.startsWith('sequence-lab_'));
    assert.deepEqual(offered.map(({ name }) => name).sort(), declared.map(({ name }) => name).sort());
    for (const { name, inputSchema } of declared)
      assert.deepEqual(offered.find((each) => each.name === name)?.inputSchema, inputSchema);
  });

  for (const tool of EDITOR_TOOLS)
    it(`${tool.tool.name} answers wrong arguments with an error that names them, and starts nothing`, async () => {
      const before = await runFolders(lab);
      for (const input of [{ unknown: 1 }, { run: 7, path: 7, texts: 7, filter: 7 }])
        await assert.rejects(callTool(tool.tool.name, input), new RegExp(tool.tool.name));
      assert.deepEqual(await runFolders(lab), before);
      assert.deepEqual(lab.runs.live, []);
    });

  it('train a run on the open file, which has its panel, and read it', async () => {
    await vscode.window.showTextDocument(uriOf('agent.txt'));
    const run = await started({ steps: 20 });
    assert.equal(run.sourcePath, join(folder, 'agent.txt'));
    await until('its panel is open', () => openPanels('agent.txt').length === 1);
    await untilState(run, 'completed');
    await until('its trainer has ended', () => lab.runs.liveRun(run.id) === undefined);

    const { id, state, step } = z
      .object({ id: z.string(), state: z.string(), step: z.int() })
      .parse(await callTool('get_run', {}));
    assert.deepEqual([id, state, step], [run.id, 'completed', 20], 'the run of the panel');
    const listed = z
      .object({ runs: z.array(z.object({ id: z.string() })) })
      .parse(await callTool('list_runs', { filter: 'units = 8' }));
    assert.ok(listed.runs.some((each) => each.id === run.id));

    const editor = await vscode.window.showTextDocument(uriOf('agent.txt'), { viewColumn: vscode.ViewColumn.One });
    editor.selection = new vscode.Selection(0, 0, 0, 12);
    const read = z
      .object({ run: z.string(), tokens: z.array(z.string()) })
      .parse(await callTool('read_gates', { run: run.id }));
    assert.equal(read.run, run.id);
    assert.equal(read.tokens.join(''), editor.document.getText(editor.selection));
  });

  it('read an open text as the editor shows it, before it is saved', async () => {
    await writeFile(join(folder, 'unsaved.txt'), 'too short');
    const editor = await vscode.window.showTextDocument(uriOf('unsaved.txt'));
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), fixtureText));
    await untilState(await started({ steps: 2 }), 'completed');
  });

  it('say why a run cannot start, and leave nothing behind', async () => {
    await writeFile(join(folder, 'short.txt'), 'too short');
    const before = await runFolders(lab);
    await assert.rejects(started({ path: 'short.txt', steps: 2 }), /short\.txt/);
    await assert.rejects(started({ path: '../outside.txt', steps: 2 }), /outside/);
    assert.deepEqual(await runFolders(lab), before);
  });

  it('stop a run that trains in this window, and resume it', async () => {
    const run = await started({ path: 'agent.txt', steps: 100_000 });
    await until('it has trained', () => run.step > 5);
    await callTool('stop_run', { run: run.id });
    await untilState(run, 'stopped');
    await until('its trainer has ended', () => lab.runs.liveRun(run.id) === undefined);
    const { step } = run;
    await callTool('resume_run', { run: run.id, steps: step + 5 });
    await untilState(run, 'completed');
    assert.equal(run.step, step + 5);
  });

  it('stop a run that waits for its turn, of which nothing is left', async () => {
    const settings = vscode.workspace.getConfiguration('sequenceLab');
    await settings.update('parallelRuns', 1, vscode.ConfigurationTarget.Global);
    try {
      const first = await started({ path: 'agent.txt', steps: 100_000 });
      const second = await started({ path: 'agent.txt', steps: 100_000 });
      assert.equal(second.state, 'waiting');
      await assert.rejects(callTool('get_run', { run: second.id }), new RegExp(second.id));
      await callTool('stop_run', { run: second.id });
      await until('it has left the queue', () => lab.runs.run(second.id) === undefined);
      assert.ok(!(await runFolders(lab)).includes(second.id));
      await callTool('stop_run', { run: first.id });
      await untilState(first, 'stopped');
      await until('its trainer has ended', () => lab.runs.liveRun(first.id) === undefined);
    } finally {
      await settings.update('parallelRuns', undefined, vscode.ConfigurationTarget.Global);
    }
  });

  it('train the trials of a sweep in this window', async () => {
    const sweep = { base, fields: { 'model.units': { values: [4, 6] } } };
    const started = z.object({ sweep: z.string(), trials: z.int() }).parse(await callTool('start_sweep', { sweep }));
    assert.equal(started.trials, 2);
    await until('the sweep has ended', () => !lab.sweeps.running.includes(started.sweep));
    const trials = lab.runs.runs.filter((run) => run.sweep?.id === started.sweep);
    assert.deepEqual(
      trials.map(({ state }) => state),
      ['completed', 'completed'],
    );
  });

  it('do nothing if a file was exchanged after the user has confirmed it', async () => {
    const path = join(folder, 'exchanged.sequence-lab-sweep.json');
    const write = async (units: readonly number[]) =>
      writeFile(path, JSON.stringify({ base, fields: { 'model.units': { values: units } } }));
    const tool = EDITOR_TOOLS.find(({ tool: { name } }) => name === 'start_sweep');
    assert.ok(tool);
    const { token } = new vscode.CancellationTokenSource();
    const prepare = async () => lab.agents.prepare(nameInEditor(tool), { path }, token);
    const invoke = async () => lab.agents.invoke(nameInEditor(tool), { path }, token);
    const sweeps = () => new Set(lab.runs.runs.map(({ sweep }) => sweep?.id)).size;
    await write([4, 6]);
    assert.ok(await prepare());
    await write([4, 8]);
    const before = [sweeps(), lab.sweeps.running.length];
    await assert.rejects(invoke);
    assert.deepEqual([sweeps(), lab.sweeps.running.length], before);
    // The same call goes on if nothing changes.
    assert.ok(await prepare());
    await invoke();
    await until('the sweep has begun', () => sweeps() > (before[0] ?? 0));
    await until('the sweep has ended', () => lab.sweeps.running.length === 0);
  });

  it('classify the paragraph at the cursor', async () => {
    const document = await vscode.workspace.openTextDocument({ content: 'A wonderful film.\n\nIgnored.\n' });
    await vscode.window.showTextDocument(document);
    const { answers } = z
      .object({ answers: z.array(z.object({ label: z.string() })) })
      .parse(await callTool('classify_text', {}));
    assert.deepEqual(
      answers.map(({ label }) => label),
      ['positive'],
    );
  });

  it('inspect an open text as the editor shows it, before it is saved', async () => {
    await writeFile(join(folder, 'labels.csv'), 'text,label\nfine,yes\npoor,no\n');
    const editor = await vscode.window.showTextDocument(uriOf('labels.csv'));
    const itemsOf = async () => z.object({ items: z.int() }).parse(await callTool('inspect_data', {})).items;
    assert.equal(await itemsOf(), 2);
    await editor.edit((edit) => edit.insert(new vscode.Position(3, 0), 'good,yes\n'));
    assert.equal(await itemsOf(), 3);
  });

  it('inspect the open file', async () => {
    await vscode.window.showTextDocument(uriOf('agent.txt'));
    const { path } = z.object({ path: z.string() }).parse(await callTool('inspect_data', {}));
    assert.equal(path, join(folder, 'agent.txt'));
  });

  describe('that start work', () => {
    const name = 'sequence-lab_start_training';
    const token = () => new vscode.CancellationTokenSource().token;
    const titleOf = (prepared: vscode.PreparedToolInvocation | undefined) => {
      const asked = prepared?.confirmationMessages;
      assert.ok(asked);
      return asked;
    };

    it('state what they do and what it costs before anything starts', async () => {
      const before = await runFolders(lab);
      const { title, message } = titleOf(
        await lab.agents.prepare(name, { path: 'agent.txt', set, steps: 77 }, token()),
      );
      assert.match(title, /agent\.txt/);
      assert.match(typeof message === 'string' ? message : message.value, /77/);
      assert.deepEqual(await runFolders(lab), before);
    });

    it('use the file that the question named, whatever is open after it', async () => {
      await writeFile(join(folder, 'later.txt'), fixtureText);
      await vscode.window.showTextDocument(uriOf('agent.txt'));
      const input = { set, steps: 2 };
      assert.match(titleOf(await lab.agents.prepare(name, input, token())).title, /agent\.txt/);
      await vscode.window.showTextDocument(uriOf('later.txt'));
      await lab.agents.invoke(name, input, token());
      const [run] = lab.runs.runs;
      assert.equal(run?.sourcePath, join(folder, 'agent.txt'));
      await untilState(run, 'completed');
    });

    it('do not start what could not be confirmed', async () => {
      const input = { path: 'appears.txt', set, steps: 0 };
      assert.equal(await lab.agents.prepare(name, input, token()), undefined);
      await assert.rejects(lab.agents.invoke(name, input, token()), /steps/);
    });

    it('ask nothing if they only read', async () => {
      for (const { tool, ...rest } of EDITOR_TOOLS)
        if (tool.effect === 'reads')
          assert.equal(await lab.agents.prepare(nameInEditor({ tool, ...rest }), {}, token()), undefined);
    });

    it('are canceled with the token', async () => {
      const source = new vscode.CancellationTokenSource();
      source.cancel();
      const before = await runFolders(lab);
      await assert.rejects(lab.agents.invoke(name, { path: 'agent.txt', set, steps: 2 }, source.token), {
        name: new vscode.CancellationError().name,
      });
      assert.deepEqual(await runFolders(lab), before);
    });

    it('end a call that reads when the token is canceled', async () => {
      const source = new vscode.CancellationTokenSource();
      const reading = lab.agents.invoke('sequence-lab_inspect_data', { path: 'agent.txt' }, source.token);
      source.cancel();
      await assert.rejects(reading, { name: new vscode.CancellationError().name });
    });
  });
});

describe('the MCP server', function () {
  this.timeout(240_000);
  const ofEditor = new Set(EDITOR_TOOLS.map(({ tool }) => tool.name));
  /** The tools that the editor does not offer itself. */
  const names = AGENT_TOOLS.map(({ name }) => name)
    .filter((name) => !ofEditor.has(name))
    .sort();

  it('is started by the editor, which then offers its tools', async () => {
    const inEditor = () => vscode.lm.tools.filter(({ name }) => name.startsWith('mcp_'));
    const toolOf = (name: string) => inEditor().find((each) => each.name.endsWith(name));
    await vscode.commands.executeCommand('workbench.mcp.startServer', 'sequence-lab.sequence-lab/Sequence Lab', {
      waitForLiveTools: true,
    });
    await until('its tools are offered', () => names.every((name) => toolOf(name) !== undefined));
    // An agent sees each tool once: from the server, or from the editor.
    for (const { name } of AGENT_TOOLS) {
      const offered = vscode.lm.tools.filter((each) => each.name.endsWith(name));
      assert.equal(offered.length, 1, offered.map((each) => each.name).join());
    }
    const tool = toolOf('compare_runs');
    assert.ok(tool);
    const input = { runs: ['no-such-run', 'nor-this'] };
    const { content } = await vscode.lm.invokeTool(tool.name, { input, toolInvocationToken: undefined });
    assert.ok(JSON.stringify(content).includes('no-such-run'));
    await vscode.commands.executeCommand('workbench.mcp.stopServer', 'sequence-lab.sequence-lab/Sequence Lab');
  });

  it('answers a client that starts it as the editor does', async () => {
    const [server, ...others] = serverDefinitions(extension().extensionUri);
    assert.ok(server && others.length === 0);
    const { command, args } = server;
    const env = Object.fromEntries(
      Object.entries({ ...process.env, ...server.env }).flatMap(([name, value]) =>
        value === undefined || value === null ? [] : [[name, String(value)]],
      ),
    );
    const client = new Client({ name: 'test', version: '1.0.0' });
    await client.connect(new StdioClientTransport({ command, args, env, stderr: 'ignore' }));
    try {
      assert.equal(client.getServerVersion()?.version, server.version);
      const { tools } = await client.listTools();
      assert.deepEqual(tools.map(({ name }) => name).sort(), names);
      const lab = await openLab();
      const [run = ''] = await runFolders(lab);
      const { isError, content } = await client.callTool({ name: 'compare_runs', arguments: { runs: [run, run] } });
      // The server finds the run of this window, and does not compare it with itself.
      assert.ok(isError === true && JSON.stringify(content).includes('same run'), JSON.stringify(content));
    } finally {
      await client.close();
    }
  });

  it('is offered again when its settings change', async () => {
    const provider = new ServerProvider(extension().extensionUri);
    const settings = vscode.workspace.getConfiguration('sequenceLab');
    let changes = 0;
    const subscription = provider.onDidChangeMcpServerDefinitions(() => changes++);
    const home = async () => (await provider.provideMcpServerDefinitions())[0]?.env['SEQUENCE_LAB_HOME'];
    try {
      await settings.update('home', join('/', 'another', 'home'), vscode.ConfigurationTarget.Global);
      await until('the change is announced', () => changes > 0);
      assert.equal(await home(), join('/', 'another', 'home'));
    } finally {
      await settings.update('home', undefined, vscode.ConfigurationTarget.Global);
      subscription.dispose();
      provider.dispose();
    }
    assert.notEqual(await home(), join('/', 'another', 'home'));
  });
});
