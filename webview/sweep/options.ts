import * as l10n from '@vscode/l10n';
import { JOB_REQUESTS } from '../../src/config/jobRequests.ts';
import { tasks } from '../../src/config/tasks.ts';
import { METRICS, spokenUnits } from '../../src/protocol/metrics.ts';
import type { SweepFormRequest } from '../../src/protocol/sweepForm.ts';

/** What the user has typed or chosen, by the name of an option; an option without an entry has its default. */
export type OptionInputs = Readonly<Record<string, string>>;

/** A value that can be chosen, with its label. */
type Choice = readonly [value: string, label: string];

/** A part of a sweep besides its fields. */
export interface SweepOption {
  readonly key: string;
  readonly label: () => string;
  readonly about: () => string;
  readonly group: 'search' | 'budget' | 'place' | 'jobs';
  /** Parts of the sweep file whose problems are shown here. */
  readonly paths: readonly string[];
  /** Values to choose from; undefined for a text. */
  readonly choices?: (request: SweepFormRequest) => readonly Choice[];
  readonly standard?: (request: SweepFormRequest) => string;
  /** Whether the option is shown, unless it always is. */
  readonly applies?: (inputs: OptionInputs, request: SweepFormRequest) => boolean;
  /** Values that are allowed, if no part of the sweep file has the option. */
  readonly allowed?: { readonly pattern: RegExp; readonly example: string };
}

const COUNT = { pattern: /^[1-9]\d{0,2}$/, example: '2' };

const isGrid = (inputs: OptionInputs) => (inputs['method'] ?? 'grid') === 'grid';
const hasRungs = ({ method }: OptionInputs) => method === 'halving' || method === 'asha';
const isOnSlurm = ({ place }: OptionInputs, { hasSlurm }: SweepFormRequest) => hasSlurm && place === 'slurm';

/** Labels of the options of jobs that are texts. */
const jobLabels: Readonly<Record<keyof typeof JOB_REQUESTS, () => string>> = {
  partition: () => l10n.t('Partition'),
  time: () => l10n.t('Time limit of a job'),
  mem: () => l10n.t('Memory'),
  gpus: () => l10n.t('GPUs'),
  account: () => l10n.t('Account'),
  constraint: () => l10n.t('Features of the nodes'),
};

/** Options of jobs, by their names on the command line. */
const jobOptions: readonly SweepOption[] = [
  ...Object.entries(JOB_REQUESTS).map(([key, allowed]) => ({
    key,
    label: jobLabels[key as keyof typeof JOB_REQUESTS],
    about: () => l10n.t('Such as {0}. If empty, the cluster decides.', allowed.example),
    allowed,
  })),
  {
    key: 'cpus',
    label: () => l10n.t('Processors'),
    about: () => l10n.t('Processors of each job.'),
    allowed: COUNT,
  },
  {
    key: 'at-once',
    label: () => l10n.t('Jobs at a time'),
    about: () => l10n.t('Most jobs that run at the same time. If empty, the cluster decides.'),
    allowed: { pattern: /^[1-9]\d{0,5}$/, example: '10' },
  },
  {
    key: 'trials-per-task',
    label: () => l10n.t('Trials of each job'),
    about: () => l10n.t('Trials that a job trains one after the other.'),
    allowed: { pattern: /^[1-9]\d{0,5}$/, example: '4' },
  },
].map((option) => ({ ...option, group: 'jobs', paths: [], applies: isOnSlurm }));

/** The options of a sweep, in the order of the page. */
export const OPTIONS: readonly SweepOption[] = [
  {
    key: 'method',
    group: 'search',
    label: () => l10n.t('Method'),
    about: () => l10n.t('How settings are chosen from the values.'),
    paths: ['method.name'],
    choices: () => [
      ['grid', l10n.t('Every combination')],
      ['random', l10n.t('Random settings')],
      ['halving', l10n.t('Successive halving')],
      ['asha', l10n.t('Asynchronous successive halving')],
    ],
    standard: () => 'grid',
  },
  {
    key: 'settings',
    group: 'search',
    label: () => l10n.t('Settings'),
    about: () => l10n.t('Number of settings that are drawn.'),
    paths: ['budget.trials'],
    standard: () => '12',
    applies: (inputs) => !isGrid(inputs),
  },
  {
    key: 'eta',
    group: 'search',
    label: () => l10n.t('Reduction factor'),
    about: () => l10n.t('One of this many settings is trained on, to this many times as many steps.'),
    paths: ['method.eta'],
    standard: () => '3',
    applies: hasRungs,
  },
  {
    key: 'minimumSteps',
    group: 'search',
    label: () => l10n.t('Steps of the first rung'),
    about: () => l10n.t('Fewest steps of a trial. If empty, the steps of the run divided by the square of the factor.'),
    paths: ['method.minimumSteps'],
    applies: hasRungs,
  },
  {
    key: 'seeds',
    group: 'search',
    label: () => l10n.t('Seeds'),
    about: () => l10n.t('Number of trials of each setting, each with its seed.'),
    paths: ['seeds'],
    standard: () => '1',
  },
  {
    key: 'metric',
    group: 'search',
    label: () => l10n.t('Objective'),
    about: () => l10n.t('Number that trials are compared by.'),
    paths: ['objective.metric'],
    choices: ({ start }) => {
      const units = spokenUnits(tasks[start.task.name].units);
      return METRICS.map(({ key, label }) => [key, label(units)]);
    },
    standard: () => 'validationLoss',
  },
  {
    key: 'direction',
    group: 'search',
    label: () => l10n.t('Better values'),
    about: () => l10n.t('Direction in which the objective improves.'),
    paths: ['objective.direction'],
    choices: () => [
      ['', l10n.t('As usual for the objective')],
      ['lower', l10n.t('Lower')],
      ['higher', l10n.t('Higher')],
    ],
    standard: () => '',
  },
  {
    key: 'steps',
    group: 'budget',
    label: () => l10n.t('Steps of all trials'),
    about: () => l10n.t('No other trial starts after these. If empty, there is no limit.'),
    paths: ['budget.steps'],
  },
  {
    key: 'seconds',
    group: 'budget',
    label: () => l10n.t('Training time of all trials'),
    about: () => l10n.t('Such as 90 s, 5 min or 1 h. No other trial starts after it. If empty, there is no limit.'),
    paths: ['budget.seconds'],
  },
  {
    key: 'place',
    group: 'place',
    label: () => l10n.t('Train'),
    about: () => l10n.t('A Slurm cluster trains the trials as jobs, which go on without this window.'),
    paths: [],
    choices: () => [
      ['here', l10n.t('In this window')],
      ['slurm', l10n.t('On Slurm')],
    ],
    standard: () => 'here',
    applies: (_, { hasSlurm }) => hasSlurm,
  },
  {
    key: 'workers',
    group: 'place',
    label: () => l10n.t('Trials at a time'),
    about: () => l10n.t('The setting "sequenceLab.parallelRuns" limits the runs of the window.'),
    paths: [],
    standard: ({ workers }) => String(workers),
    applies: (inputs, request) => !isOnSlurm(inputs, request),
    allowed: COUNT,
  },
  ...jobOptions,
];

/** What an option shows: what the user has entered, or its default. */
export function valueOf({ key, standard }: SweepOption, inputs: OptionInputs, request: SweepFormRequest): string {
  return inputs[key] ?? standard?.(request) ?? '';
}
