import { ineffectiveFields } from '../config/applicability.ts';
import { ConfigError, parseRunConfig, setField } from '../config/parse.ts';
import { rangeTestRates } from '../config/rangeTest.ts';
import type { RunConfig } from '../config/schema.ts';
import { checkModel } from '../config/tasks.ts';
import { textOf } from '../phrases/causes.ts';
import { phrase, sentences } from '../phrases/phrase.ts';
import type { Setting } from './space/dimension.ts';
import { drawnSettings, gridSettings } from './space/settings.ts';
import type { PlannedTrial, Sweep } from './sweep.ts';

/** Most settings of a grid. */
export const MOST_SETTINGS = 10_000;

/** Number of trials whose configurations are checked before the first one starts. */
const CHECKED = 10_000;

/**
 * The trials of a sweep, which follow from its file alone: for each setting one with each seed.
 * @param checked number of trials whose configurations are checked
 * @throws ConfigError if a grid has too many settings, or if a trial cannot be trained
 */
export function plannedTrials(sweep: Sweep, checked = CHECKED): PlannedTrial[] {
  const settings = settingsOf(sweep);
  checkRungs(sweep, settings.length);
  const trials = settings
    .flatMap((values, setting) => sweep.seeds.map((seed) => ({ setting, values, seed })))
    .map((each, i) => ({ trial: i + 1, ...each }));
  for (const trial of trials.slice(0, checked)) checkTrial(sweep, trial);
  return trials;
}

/** @throws ConfigError if the space has too few settings for one of them to reach the last rung */
function checkRungs({ file: { method }, rungs }: Sweep, settings: number): void {
  if (!('eta' in method) || rungs === null || settings >= method.eta ** (rungs.length - 1)) return;
  throw new ConfigError(
    phrase(
      'The fields have {0} different settings, of which none would reach the last of {1} rungs. Give more values, or raise method.minimumSteps.',
      settings,
      rungs.length,
    ),
    { fields: ['fields'] },
  );
}

/** The configuration of a trial. @throws ConfigError if a value is not allowed */
export function trialConfig(
  { base }: Pick<Sweep, 'base'>,
  { values, seed }: Pick<PlannedTrial, 'values' | 'seed'>,
): RunConfig {
  const changed = Object.entries(values).reduce<object>((config, [path, value]) => setField(config, path, value), base);
  return parseRunConfig({ ...changed, seed });
}

function settingsOf({ file, dimensions, seeds }: Sweep): Setting[] {
  const { method, budget } = file;
  if (method.name !== 'grid') return drawnSettings(dimensions, Math.floor((budget.trials ?? 0) / seeds.length), method);
  const most = Math.min(MOST_SETTINGS, Math.floor((budget.trials ?? Infinity) / seeds.length));
  const settings = gridSettings(dimensions, most);
  if (settings.length <= most) return settings;
  throw new ConfigError(
    phrase(
      'The grid has more than {0} settings with {1} seeds each. List fewer values, set fewer points, raise budget.trials, or use the method "random".',
      most,
      seeds.length,
    ),
    { fields: ['fields'] },
  );
}

/** @throws ConfigError that names the trial, if it cannot be trained, or if a field that is tried has no effect in it */
function checkTrial(sweep: Sweep, trial: PlannedTrial): void {
  const name = phrase('Trial {0}:', trial.trial);
  const config = trialConfig(sweep, trial);
  if (rangeTestRates(config))
    throw new ConfigError(
      sentences(
        name,
        phrase('A learning rate range test has no result to compare trials by. Choose another training.schedule.'),
      ),
      { fields: [sweep.file.fields['training.schedule'] ? 'fields.training.schedule' : 'base.training.schedule'] },
    );
  try {
    checkModel(config);
  } catch (error) {
    throw new ConfigError(sentences(name, textOf(error)), { cause: error });
  }
  const [without] = ineffectiveFields(config).filter(({ path }) => Object.hasOwn(trial.values, path));
  if (!without) return;
  throw new ConfigError(
    sentences(name, phrase('{0}. Give the field a condition ("when"), or remove it from the sweep.', without.reason)),
    { fields: [`fields.${without.path}`] },
  );
}
