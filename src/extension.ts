import * as vscode from 'vscode';
import type { Lab } from './host/lab.ts';
import { LazyTree } from './host/views/lazyTree.ts';

/** API for other extensions and for the tests. */
export interface SequenceLab {
  /** The services; building them reads what activation leaves alone. */
  readonly open: () => Promise<Lab>;
}

let opened: Promise<Lab> | undefined;

/** Registers what package.json contributes. Everything behind it is read and built when it is first used. */
export function activate({ extension, extensionUri, subscriptions }: vscode.ExtensionContext): SequenceLab {
  const open = async (): Promise<Lab> => {
    opened ??= import('./host/lab.ts').then(({ Lab }) => {
      const lab = new Lab(extensionUri);
      subscriptions.push(lab);
      return lab;
    });
    return opened;
  };

  const { commands } = extension.packageJSON.contributes as { commands: { command: string }[] };
  for (const { command } of commands) {
    subscriptions.push(vscode.commands.registerCommand(command, async (...args) => (await open()).run(command, args)));
  }
  const tree = vscode.window.createTreeView('sequenceLab.runs', {
    treeDataProvider: new LazyTree(async () => (await open()).tree),
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
    vscode.window.registerWebviewPanelSerializer('sequenceLab.data', {
      deserializeWebviewPanel: async (panel, state) => (await open()).data.restore(panel, state),
    }),
  );
  return { open };
}

/** The window closes: what trains is stopped with a checkpoint, so that nothing is lost. */
export async function deactivate(): Promise<void> {
  await (await opened)?.runs.stopAll();
}
