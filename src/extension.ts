import * as vscode from 'vscode';
import { type AgentContributions, registerAgents } from './host/agents/register.ts';
import type { Lab } from './host/lab.ts';
import { isLeftBehind } from './host/leftBehind.ts';
import { inBrowser } from './host/runtime.ts';
import { registerStoreFiles } from './host/storeFiles.ts';
import { LazyTree } from './host/views/lazyTree.ts';
import { RunsDragAndDrop } from './host/views/runsDragAndDrop.ts';
import type { RunNode } from './host/views/runsTree.ts';

/** API for other extensions and for the tests. */
export interface SequenceLab {
  /** Returns the services. The first call loads and creates them, which activation does not. */
  readonly open: () => Promise<Lab>;
}

let opened: Promise<Lab> | undefined;

/** Registers the contributions of package.json. Their implementation is loaded on first use. */
export function activate({
  extension,
  extensionUri,
  subscriptions,
  workspaceState,
}: vscode.ExtensionContext): SequenceLab {
  const open = async (): Promise<Lab> => {
    opened ??= import('./host/lab.ts').then(({ Lab }) => {
      const lab = new Lab(extensionUri, workspaceState);
      subscriptions.push(lab);
      return lab;
    });
    return opened;
  };

  const contributes = extension.packageJSON.contributes as { commands: { command: string }[] } & AgentContributions;
  for (const { command } of contributes.commands) {
    subscriptions.push(vscode.commands.registerCommand(command, async (...args) => (await open()).run(command, args)));
  }
  void vscode.commands.executeCommand('setContext', 'sequenceLab.inBrowser', inBrowser);
  subscriptions.push(...registerStoreFiles());
  subscriptions.push(...registerAgents(contributes, extensionUri, async () => (await open()).agents));
  const tree = vscode.window.createTreeView('sequenceLab.runs', {
    treeDataProvider: new LazyTree(async () => {
      const lab = await open();
      lab.followPanels(tree);
      return lab.tree;
    }),
    canSelectMany: true,
    dragAndDropController: new RunsDragAndDrop<RunNode>({
      openModels: async (models) => vscode.commands.executeCommand('sequenceLab.openModel', models[0], models),
      reorder: async (runs, target) => (await open()).runs.turns.moveTo(runs, target),
    }),
  });
  subscriptions.push(
    tree,
    tree.onDidChangeSelection(async ({ selection: [selected] }) => (await open()).tree.select(selected)),
    vscode.window.registerWebviewViewProvider('sequenceLab.gradients', {
      resolveWebviewView: async (view) => (await open()).gradients.resolve(view),
    }),
    vscode.window.registerWebviewPanelSerializer('sequenceLab.panel', {
      deserializeWebviewPanel: async (panel, state) => (await open()).panels.restore(panel, state),
    }),
    vscode.window.registerWebviewPanelSerializer('sequenceLab.course', {
      deserializeWebviewPanel: async (panel) => (await open()).course.restore(panel),
    }),
    vscode.window.registerWebviewPanelSerializer('sequenceLab.form', {
      deserializeWebviewPanel: async (panel, state) => (await open()).forms.restore(panel, state),
    }),
    vscode.window.registerWebviewPanelSerializer('sequenceLab.sweepForm', {
      deserializeWebviewPanel: async (panel, state) => (await open()).sweepForms.restore(panel, state),
    }),
    vscode.window.registerWebviewPanelSerializer('sequenceLab.data', {
      deserializeWebviewPanel: async (panel, state) => (await open()).data.restore(panel, state),
    }),
    vscode.window.registerWebviewPanelSerializer('sequenceLab.runsPage', {
      deserializeWebviewPanel: async (panel) => (await open()).runsPages.restore(panel),
    }),
    vscode.window.registerWebviewPanelSerializer('sequenceLab.report', {
      deserializeWebviewPanel: async (panel, state) => (await open()).reports.restore(panel, state),
    }),
  );
  subscriptions.push(vscode.window.registerUriHandler({ handleUri: async (link) => (await open()).openLink(link) }));
  // After a crash, VS Code starts another extension host and asks nothing of it.
  if (isLeftBehind(workspaceState)) void open();
  return { open };
}

/** Interrupts the runs that are training, each with a checkpoint, before the window closes. */
export async function deactivate(): Promise<void> {
  await (await opened)?.close();
}
