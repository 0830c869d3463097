import * as vscode from 'vscode';
import type { RunModel } from '../runs/runModel.ts';
import type { Services } from '../services.ts';
import { chooseReader } from './chooseRun.ts';
import { chooseUnit } from './chooseUnit.ts';
import type { Commands } from './command.ts';

/** Commands that color the text of the editor by a model's activations or surprisal. */
export function colorCommands(services: Services): Commands {
  const { colors, inspection } = services;

  const reader = async (argument: unknown): Promise<RunModel | undefined> => {
    const editor = inspection.followed.editor;
    if (!editor) throw new Error(vscode.l10n.t('Open a text in an editor first.'));
    return chooseReader(services, argument, editor.document);
  };

  return {
    colorTextByUnit: async (argument, choice) => {
      const run = await reader(argument);
      const unit = run && (await chooseUnit(services, run, choice));
      if (unit) colors.start({ run, unit });
    },
    colorTextBySurprisal: async (argument) => {
      const run = await reader(argument);
      if (run) colors.start({ run, unit: null });
    },
    stopColoring: async () => colors.stop(),
  };
}
