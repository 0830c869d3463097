import { join } from 'node:path';
import * as vscode from 'vscode';
import { disk } from '../../platform/files.ts';
import { NATIVE_REPORT_FILE, nativeReport, type NativeReport } from '../../protocol/nativeBackends.ts';
import type { Services } from '../services.ts';
import { trainerSettings } from '../settings.ts';
import { runInTerminal } from '../terminal.ts';
import { requireAbility } from '../abilities.ts';
import { refuseUntrusted } from '../trust.ts';
import type { Commands } from './command.ts';

interface Installation extends vscode.QuickPickItem {
  /** Arguments after `sequence-lab native install`. */
  readonly args: readonly string[];
}

/**
 * "Install native TensorFlow" and "Remove native TensorFlow": run `sequence-lab native install` and `native remove` in
 * a terminal, where the user sees the output of npm and can interrupt it.
 */
export function nativeCommands({ extensionUri }: Services): Commands {
  const inTerminal = async (name: string, args: readonly string[]) => {
    const env = { SEQUENCE_LAB_TERMINAL: '1' };
    return exitCodeOf(runInTerminal(extensionUri, { name, args: ['native', ...args], env }));
  };

  return {
    installNativeTensorflow: async () => {
      requireAbility('nativeTensorflow');
      refuseUntrusted(vscode.l10n.t('Install native TensorFlow'));
      const placeHolder = vscode.l10n.t(
        'Select the version to install. npm runs in a terminal; about 1 GB of disk space is needed',
      );
      const chosen = await vscode.window.showQuickPick(installations(), { placeHolder, matchOnDetail: true });
      if (!chosen) return;
      if ((await inTerminal(vscode.l10n.t('Install native TensorFlow'), ['install', ...chosen.args])) !== 0) return;
      const { tensorflow, device } = await installed();
      const text = vscode.l10n.t(
        'Native TensorFlow {0} is installed and runs on {1}. The backend "auto" now includes it.',
        tensorflow,
        device,
      );
      const show = vscode.l10n.t('Show compute backends');
      const answer = await vscode.window.showInformationMessage(text, show);
      if (answer === show) await vscode.commands.executeCommand('sequenceLab.showBackends');
    },
    removeNativeTensorflow: async () => {
      requireAbility('nativeTensorflow');
      refuseUntrusted(vscode.l10n.t('Remove native TensorFlow'));
      if ((await inTerminal(vscode.l10n.t('Remove native TensorFlow'), ['remove'])) !== 0) return;
      void vscode.window.showInformationMessage(vscode.l10n.t('Native TensorFlow was removed.'));
    },
  };
}

function installations(): Installation[] {
  return [
    { label: vscode.l10n.t('For the CPU'), detail: '@tensorflow/tfjs-node', args: [] },
    {
      label: vscode.l10n.t('For an NVIDIA GPU'),
      detail: vscode.l10n.t('@tensorflow/tfjs-node-gpu, for CUDA 11.2'),
      args: ['--gpu'],
    },
    {
      label: vscode.l10n.t('For the CPU, from a Python wheel'),
      detail: vscode.l10n.t('If libtensorflow cannot be downloaded. Needs python3 with pip, and a C++ compiler'),
      args: ['--from-wheel'],
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
