import { join } from 'node:path';
import * as vscode from 'vscode';
import { disk } from '../../platform/files.ts';
import { NATIVE_REPORT_FILE, nativeReport, type NativeReport } from '../../protocol/nativeReport.ts';
import type { Services } from '../services.ts';
import { programsFolder, trainerSettings } from '../settings.ts';
import type { Commands } from './command.ts';

interface Installation extends vscode.QuickPickItem {
  /** Arguments after `sequence-lab native install`. */
  readonly words: readonly string[];
}

/**
 * "Install native TensorFlow" and "Remove native TensorFlow": run `sequence-lab native install` and `native remove` in
 * a terminal, where the user sees the output of npm and can interrupt it.
 */
export function nativeCommands({ extensionUri }: Services): Commands {
  const inTerminal = async (name: string, words: readonly string[]) => {
    const terminal = vscode.window.createTerminal({
      name,
      // The current Node, which is Electron in desktop VS Code.
      shellPath: process.execPath,
      shellArgs: [join(programsFolder(extensionUri), 'cli.js'), 'native', ...words],
      env: {
        ELECTRON_RUN_AS_NODE: '1',
        SEQUENCE_LAB_TERMINAL: '1',
        SEQUENCE_LAB_HOME: trainerSettings().backends.home,
      },
    });
    terminal.show();
    return exitCodeOf(terminal);
  };

  return {
    installNativeTensorflow: async () => {
      const placeHolder = vscode.l10n.t('Runs npm in a terminal, takes about 1 GB, and can be removed again');
      const chosen = await vscode.window.showQuickPick(installations(), { placeHolder, matchOnDetail: true });
      if (!chosen) return;
      if ((await inTerminal(vscode.l10n.t('Install native TensorFlow'), ['install', ...chosen.words])) !== 0) return;
      const { tensorflow, device } = await installed();
      const text = vscode.l10n.t(
        'Native TensorFlow is installed: version {0}, on {1}. "auto" times it from now on.',
        tensorflow,
        device,
      );
      const show = vscode.l10n.t('Show compute backends');
      const answer = await vscode.window.showInformationMessage(text, show);
      if (answer === show) await vscode.commands.executeCommand('sequenceLab.showBackends');
    },
    removeNativeTensorflow: async () => {
      if ((await inTerminal(vscode.l10n.t('Remove native TensorFlow'), ['remove'])) !== 0) return;
      void vscode.window.showInformationMessage(vscode.l10n.t('Native TensorFlow is removed.'));
    },
  };
}

function installations(): Installation[] {
  return [
    { label: vscode.l10n.t('For the CPU'), detail: '@tensorflow/tfjs-node', words: [] },
    {
      label: vscode.l10n.t('For an NVIDIA GPU'),
      detail: vscode.l10n.t('@tensorflow/tfjs-node-gpu, for CUDA 11.2'),
      words: ['--gpu'],
    },
    {
      label: vscode.l10n.t('For the CPU, from a Python wheel'),
      detail: vscode.l10n.t(
        'Where the download of libtensorflow cannot be reached; takes python3 with pip, and a C++ compiler',
      ),
      words: ['--from-wheel'],
    },
  ];
}

/** Report of the installation's test training. */
async function installed(): Promise<NativeReport> {
  return nativeReport.parse(
    JSON.parse(await disk.readText(join(trainerSettings().backends.home, 'native', NATIVE_REPORT_FILE))),
  );
}

/** Waits for the program of a terminal. @returns its exit code */
async function exitCodeOf(terminal: vscode.Terminal): Promise<number | undefined> {
  return new Promise((resolve) => {
    const closing = vscode.window.onDidCloseTerminal((closed) => {
      if (closed !== terminal) return;
      closing.dispose();
      resolve(closed.exitStatus?.code);
    });
  });
}
