import * as vscode from 'vscode';
import type { RunModel } from '../runs/runModel.ts';
import type { Services } from '../services.ts';
import { chooseReader } from './chooseReader.ts';
import { chooseUnit } from './chooseUnit.ts';
import type { Commands } from './command.ts';

/** Colouring the text of the editor by what a model does on it. */
export function colourCommands(services: Services): Commands {
  const { colours, inspection } = services;

  const reader = async (argument: unknown): Promise<RunModel | undefined> => {
    const editor = inspection.followed.editor;
    if (!editor) throw new Error(vscode.l10n.t('Open a text in an editor first.'));
    return chooseReader(services, argument, editor.document);
  };

  return {
    colourTextByUnit: async (argument, choice) => {
      const run = await reader(argument);
      const unit = run && (await chooseUnit(services, run, choice));
      if (unit) colours.start({ run, unit });
    },
    colourTextBySurprisal: async (argument) => {
      const run = await reader(argument);
      if (run) colours.start({ run, unit: null });
    },
    stopColouring: async () => colours.stop(),
  };
}
