import assert from 'node:assert/strict';
import { mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import { parseRunConfig } from '../../src/config/parse.ts';
import type { RunConfigInput } from '../../src/config/schema.ts';
import type { SequenceLab } from '../../src/extension.ts';
import type { Lab } from '../../src/host/lab.ts';
import type { NewTraining } from '../../src/host/runs/runManager.ts';
import type { RunModel } from '../../src/host/runs/runModel.ts';
import type { RunState } from '../../src/protocol/panel.ts';

export function extension(): vscode.Extension<SequenceLab> {
  const found = vscode.extensions.getExtension<SequenceLab>('sequence-lab.sequence-lab');
  assert.ok(found, 'the extension is not installed');
  return found;
}

export async function openLab(): Promise<Lab> {
  return (await extension().activate()).open();
}

/** Sizes at which a run takes seconds. */
export const small: RunConfigInput = {
  data: { sequenceLength: 16 },
  model: { units: 24 },
  training: { batchSize: 8, learningRate: 0.02, steps: 40, checkpointEvery: 20, validateEvery: 20, patience: 0 },
  sampling: { every: 20, length: 20 },
  backend: 'reference',
};

/** A learnable text: every word depends on the previous one. */
export const fixtureText = Array.from({ length: 400 }, (_, i) => {
  const [who, what] =
    [
      ['cat', 'sat on the mat'],
      ['dog', 'ran in the park'],
      ['owl', 'flew to the moon'],
    ][(i * 7) % 3] ?? [];
  return `the ${who} ${what}.\n`;
}).join('');

/** Writes a file into a fresh folder and returns its path. */
export async function writeText(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), 'sequence-lab-text-')), name);
  await writeFile(path, content);
  return path;
}

/** Small settings for a training. */
export async function training(name: string, change: RunConfigInput['training'] = {}): Promise<NewTraining> {
  const config = parseRunConfig({ ...small, training: { ...small.training, ...change } });
  return { config, name, source: { kind: 'file', path: await writeText(name, fixtureText) } };
}

/** Milliseconds to wait for a condition: far longer than it takes, because a busy machine is slow at everything. */
const PATIENCE = 120_000;

/** Waits until a condition holds. @throws AssertionError with the description */
export async function until(what: string, holds: () => boolean | Promise<boolean>, pollInterval = 20): Promise<void> {
  const deadline = Date.now() + PATIENCE;
  while (!(await holds())) {
    assert.ok(Date.now() < deadline, `timed out waiting until ${what}`);
    await sleep(pollInterval);
  }
}

export async function untilState(run: RunModel, state: RunState): Promise<void> {
  await until(`the run is ${state} (it is ${run.state}: ${run.view.message ?? ''})`, () => run.state === state);
}

/** Names of the folders in the run store. */
export async function runFolders(lab: Lab): Promise<string[]> {
  return readdir(lab.runs.folder).catch(() => []);
}

/** The open panels of a text. */
export function openPanels(name: string): vscode.Tab[] {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  return tabs.filter(
    ({ input, label }) =>
      input instanceof vscode.TabInputWebview && input.viewType.endsWith('sequenceLab.panel') && label.includes(name),
  );
}

/** Runs one of the extension's commands and accepts every quick pick that it shows. */
export async function runPressingEnter(command: string, ...args: unknown[]): Promise<unknown> {
  return runAnswering([ACCEPT], command, args);
}

/** Runs one of the extension's commands and dismisses every quick pick that it shows. */
export async function runPressingEscape(command: string, ...args: unknown[]): Promise<unknown> {
  return runAnswering(['workbench.action.closeQuickOpen'], command, args);
}

/** Runs one of the extension's commands, accepts every quick pick and dialog that it shows, and dismisses messages. */
export async function runAccepting(command: string, ...args: unknown[]): Promise<unknown> {
  return runAnswering([ACCEPT, 'notifications.clearAll'], command, args);
}

/** Runs one of the extension's commands, accepts every quick pick that it shows, and chooses the button of its messages. */
export async function runChoosingButton(command: string, ...args: unknown[]): Promise<unknown> {
  return runAnswering([ACCEPT, 'notification.acceptPrimaryAction'], command, args);
}

const ACCEPT = 'workbench.action.acceptSelectedQuickOpenItem';

async function runAnswering(answers: readonly string[], command: string, args: readonly unknown[]): Promise<unknown> {
  let isOver = false;
  const running = Promise.resolve(vscode.commands.executeCommand(command, ...args)).finally(() => {
    isOver = true;
  });
  await until(
    `${command} is over`,
    async () => {
      for (const answer of answers) if (!isOver) await vscode.commands.executeCommand(answer);
      return isOver;
    },
    200,
  );
  return running;
}

/** Makes the small sizes the user's settings, so that runs with the defaults of a quick pick are short. */
export async function useSmallSettings(): Promise<() => Promise<void>> {
  const settings = vscode.workspace.getConfiguration('sequenceLab');
  const entries = Object.entries(small).flatMap(([group, value]) =>
    typeof value === 'object'
      ? Object.entries(value).map(([name, each]): [string, unknown] => [`${group}.${name}`, each])
      : [[group, value] as [string, unknown]],
  );
  for (const [path, value] of entries) await settings.update(path, value, vscode.ConfigurationTarget.Global);
  return async () => {
    for (const [path] of entries) await settings.update(path, undefined, vscode.ConfigurationTarget.Global);
  };
}

/** Closes all editors before each test of a suite, and at its end. */
export function withoutEditors(): void {
  beforeEach(closeEditors);
  after(closeEditors);
}

/**
 * Closes every editor. An editor with unsaved text is reverted first; otherwise VS Code would show a dialog.
 */
export async function closeEditors(): Promise<void> {
  const dirty = vscode.workspace.textDocuments.filter(({ isDirty }) => isDirty);
  for (const document of dirty) {
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  }
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
}

/** Calls a language model tool as another extension does, without a chat, and returns its answer. */
export async function callTool(name: string, input: object): Promise<unknown> {
  const tool = `sequence-lab_${name}`;
  const { content } = await vscode.lm.invokeTool(tool, { input, toolInvocationToken: undefined });
  const [part, ...others] = content;
  assert.ok(part instanceof vscode.LanguageModelTextPart && others.length === 0);
  return JSON.parse(part.value);
}
