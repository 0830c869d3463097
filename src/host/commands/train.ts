import * as vscode from 'vscode';
import { textProblem } from '../../protocol/textFacts.ts';
import { readTextFacts } from '../form/readTextFacts.ts';
import { generatedData, ownData } from '../form/trainingData.ts';
import type { RunPanel } from '../panel/runPanel.ts';
import { beginWithAnswers } from '../runs/beginTraining.ts';
import type { NewTraining } from '../runs/runManager.ts';
import type { TurnOptions } from '../runs/trainingQueue.ts';
import type { Services } from '../services.ts';
import { settingsFor } from '../settings.ts';
import { withinTrust } from '../trust.ts';
import { chooseHowToTrain } from './howToTrain.ts';
import { chooseData } from './chooseData.ts';
import type { Commands } from './command.ts';
import { chooseConfigFile, type ChosenConfiguration, configurationAt, ShownConfiguration } from './configFile.ts';
import { BACK } from './quickInput.ts';
import { afterOf } from './queue.ts';
import { resolveTarget, type Target } from './target.ts';

/** "Train LSTM on file" and "Train from configuration". */
export function trainCommands({ runs, panels, forms, extensionUri, inspectData, log }: Services): Commands {
  /**
   * Opens the first panel of the window while the user decides.
   * @param choose starts the selected run in the panel
   */
  const withPanel = async (name: string, choose: (prepared: RunPanel | undefined) => Promise<string | undefined>) => {
    const prepared = panels.prepare(name);
    try {
      return await choose(prepared);
    } finally {
      if (prepared && !prepared.run) prepared.panel.dispose();
    }
  };

  const beginIn = async (
    prepared: RunPanel | undefined,
    { notices = [], ...training }: NewTraining,
    turn: TurnOptions = {},
  ) => {
    const { config: trusted, notices: trust } = withinTrust(training.config);
    const begin = (config: NewTraining['config']) => {
      const { run, ready } = runs.start({ ...training, config, notices: [...notices, ...trust] }, turn);
      const shown = panels.showIn(prepared, run);
      return { run, ready: Promise.all([ready, shown]).then(() => undefined) };
    };
    return beginWithAnswers(trusted, begin, { log });
  };

  return {
    trainLstmOnFile: async (argument) => {
      const target = await resolveTarget(argument, extensionUri);
      if (!target) return undefined;
      const { source, name } = target;
      const title = vscode.l10n.t('Train LSTM on {0}', name);
      const defaults = settingsFor(target.uri);
      return withPanel(name, async (prepared) => {
        const facts = await readTextFacts(source, name, defaults.data.validationShare);
        return chooseHowToTrain({
          title,
          defaults,
          problem: facts ? textProblem(facts, defaults)?.reason : undefined,
          extensionUri,
          begin: async (config) => beginIn(prepared, { config, ...(generatedData(config) ?? { source, name }) }),
          edit: async () => {
            prepared?.panel.dispose();
            return forms.edit({ title, start: defaults, data: { source, name } });
          },
        });
      });
    },
    trainFromConfiguration: async (argument) => {
      const turn = { after: afterOf(argument) };
      const title = vscode.l10n.t('Train from configuration');
      return withPanel(title, async (prepared) => {
        const chosen = (await chosenIn(argument)) ?? (await chooseConfigFile(title, extensionUri, false));
        if (!chosen || chosen === BACK) return undefined;
        const { config } = chosen;
        const own = ownData(config);
        if (own) return beginIn(prepared, { config, ...own }, turn);
        const target = await chooseData(chosen, { extensionUri, inspect: inspectData });
        if (!target) return undefined;
        const { source, name } = target;
        return beginIn(prepared, { config, source, name, notices: [describeTaken(target, chosen.title)] }, turn);
      });
    },
  };
}

/** What a link has shown, or the file that the title of an editor names; undefined for another argument. */
async function chosenIn(argument: unknown): Promise<ChosenConfiguration | undefined> {
  if (argument instanceof ShownConfiguration) return argument.chosen;
  return argument instanceof vscode.Uri ? configurationAt(argument) : undefined;
}

/** Names the data that were chosen for a configuration. */
function describeTaken({ source, name }: Target, title: string): string {
  return source.kind === 'file'
    ? vscode.l10n.t('"{0}" is trained on {1}.', title, source.path)
    : vscode.l10n.t('"{0}" is trained on the open text {1}.', title, name);
}
