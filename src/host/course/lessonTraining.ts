import * as vscode from 'vscode';
import { parseRunConfig, setField } from '../../config/parse.ts';
import { sampleConfig } from '../commands/configFile.ts';
import { ownData } from '../form/trainingData.ts';
import { withinTrust } from '../trust.ts';
import type { LessonRunsOptions } from './lessonRuns.ts';

/**
 * Reads configuration and data of a lesson's run from its sample. The changes of the run itself are applied last, so
 * that runs differ as their labels say.
 * @throws ConfigError that names a field that cannot be changed so
 */
export function lessonTraining(extensionUri: vscode.Uri): LessonRunsOptions['training'] {
  return async ({ sample, changes: own = {} }, changes) => {
    const base: object = await sampleConfig(extensionUri, sample);
    const changed = Object.entries({ ...changes, ...own }).reduce(
      (all, [path, value]) => setField(all, path, value),
      base,
    );
    const { config, notices } = withinTrust(parseRunConfig(changed));
    const training = ownData(config);
    if (!training) throw new Error(vscode.l10n.t('The sample "{0}" must name its data or generate them.', sample));
    return { config, notices, source: training.source };
  };
}
