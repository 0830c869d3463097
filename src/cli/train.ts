import { basename, dirname, resolve } from 'node:path';
import { refuseIneffective } from '../config/applicability.ts';
import { configDifference } from '../config/configDifference.ts';
import { withDataFrom } from '../config/dataPaths.ts';
import { limitsOf } from '../config/limits.ts';
import { applyAssignments, ConfigError, getField, parseJson, parseRunConfig, setField } from '../config/parse.ts';
import { RANGE_TEST_FIELDS, rangeTestOf } from '../config/rangeTest.ts';
import type { RunConfig } from '../config/schema.ts';
import { tasks } from '../config/tasks.ts';
import type { RunEvent } from '../protocol/events.ts';
import { storedMessage } from '../protocol/storedState.ts';
import type { RunSource } from '../protocol/trainer.ts';
import { lockHolder } from '../runs/lock.ts';
import { readOwnRecord } from '../runs/logged/ownRecord.ts';
import { dataOfRun } from '../runs/runSource.ts';
import { phrase, say } from '../phrases/phrase.ts';
import { Session } from '../worker/session.ts';
import { backendOptions, findRun, prepareNativeEnvironment } from './environment.ts';
import { textOf } from '../phrases/causes.ts';
import { ExitCode } from './exitCodes.ts';
import { readSmallText } from './lines.ts';
import { printRangeTest } from './rangeTest.ts';
import { isInteractive } from './terminal.ts';
import { jsonReporter, linesReporter, progressReporter } from './reporters.ts';
import { stopOnInterrupt } from './stopOnInterrupt.ts';

/** Flags of `train`, as parsed by commander. */
export interface TrainFlags {
  readonly config?: string;
  readonly set: readonly string[];
  /** Trains a learning rate range test of the configuration. */
  readonly rangeTest: boolean;
  readonly steps?: number;
  readonly seconds?: number;
  readonly backend?: string;
  readonly resume?: string;
  readonly from?: string;
  /** Whether a language model learns the new tokens of a text that it is trained further on. */
  readonly vocabulary?: 'extend' | 'keep';
  readonly out?: string;
  /** Folder of TensorBoard events; true for one in the run's folder. */
  readonly tensorboard?: string | true;
  readonly json: boolean;
}

/**
 * `sequence-lab train`.
 * @returns the exit code
 * @throws ConfigError, InputError, RunNotFoundError for invalid input
 */
export async function train(file: string | undefined, flags: TrainFlags): Promise<number> {
  const report = reporter(flags.json);
  const session = await openSession(file, flags, report);
  const { signal, release } = stopOnInterrupt();
  // The run ends with a checkpoint.
  signal.addEventListener('abort', () => session.control.stop());
  try {
    const { reason } = await session.train();
    if (await printRangeTest(session.folder, flags.json)) return release() ?? ExitCode.ok;
    if (reason === 'diverged')
      process.stderr.write(
        `A resume keeps the settings of the run. To change one: sequence-lab train --from "${session.folder}" --set training.learningRate=...\n`,
      );
    return release() ?? (reason === 'diverged' ? ExitCode.diverged : ExitCode.ok);
  } finally {
    release();
  }
}

async function openSession(
  file: string | undefined,
  flags: TrainFlags,
  emit: (event: RunEvent) => void,
): Promise<Session> {
  if (flags.vocabulary !== undefined && (file === undefined || flags.from === undefined))
    throw new ConfigError('--vocabulary needs a file and a run to begin with (--from).');
  if (flags.resume !== undefined) return resumeRun(file, flags, emit);
  return flags.from === undefined ? startRun(file, flags, emit) : trainFrom(file, flags, emit);
}

/**
 * Repeats a run, or starts a new one with its data and configuration if a setting is changed, or one on a file that
 * begins with its weights.
 */
async function trainFrom(
  file: string | undefined,
  flags: TrainFlags,
  emit: (event: RunEvent) => void,
): Promise<Session> {
  refuseFlags('--from takes the configuration from the run', { '--config': flags.config });
  if (file !== undefined) return trainFurther(file, flags, emit);
  const folder = findRun(flags.from ?? '');
  const record = await readOwnRecord(folder);
  const backends = backendOptions();
  const out = { ...(flags.out !== undefined && { out: resolve(flags.out) }), ...eventsFolder(flags) };
  const config = parseRunConfig(withFlags(record.config, flags));
  const changes = configDifference(record.config, config);
  prepareNativeEnvironment(config.threads);
  if (Object.keys(changes).length === 0) return Session.repeat({ folder, backends, ...out }, emit);
  refuseIneffective(config);
  process.stderr.write(
    `${say(phrase('Settings are changed: this is a new run, which is not compared with {0}.', record.id))}\n`,
  );
  const { source: stored, name, id } = record;
  const source = await dataOfRun({ config, folder, sourcePath: stored?.path ?? null, name });
  return Session.start({ config, source, backends, parent: { run: id, reason: 'again', changes }, ...out }, emit);
}

/** Starts a new run on a file that begins with the weights of a stored run, and with its configuration. */
async function trainFurther(file: string, flags: TrainFlags, emit: (event: RunEvent) => void): Promise<Session> {
  const folder = findRun(flags.from ?? '');
  const record = await readOwnRecord(folder);
  const given = parseRunConfig(withFlags({}, { ...flags, set: flags.set.filter((each) => /^task\.name=/.test(each)) }));
  // The fields of one task say nothing about another one.
  const inherited =
    given.task.name === record.config.task.name || flags.set.every((each) => !/^task\.name=/.test(each));
  const before = inherited
    ? record.config
    : { ...parseRunConfig({}), model: record.config.model, seed: record.config.seed, task: given.task };
  const config = parseRunConfig(withFlags({ ...before, data: { ...before.data, validation: '', train: '' } }, flags));
  if (inherited) refuseIneffective(config);
  if (flags.vocabulary !== undefined && config.task.name !== 'language-model')
    throw new ConfigError('--vocabulary applies to language models: a classifier has the vocabulary of its texts.');
  prepareNativeEnvironment(config.threads);
  return Session.start(
    {
      config,
      source: { kind: 'file', path: resolve(file) },
      backends: backendOptions(),
      parent: { run: record.id, reason: 'weights', changes: configDifference(record.config, config) },
      initial: { folder, extend: flags.vocabulary !== 'keep' },
      ...(flags.out !== undefined && { out: resolve(flags.out) }),
      ...eventsFolder(flags),
    },
    emit,
  );
}

async function startRun(
  file: string | undefined,
  flags: TrainFlags,
  emit: (event: RunEvent) => void,
): Promise<Session> {
  const config = await configuration(flags);
  prepareNativeEnvironment(config.threads);
  const source = sourceFor(config, file);
  const out = flags.out === undefined ? {} : { out: resolve(flags.out) };
  return Session.start({ config, source, backends: backendOptions(), ...out, ...eventsFolder(flags) }, emit);
}

async function resumeRun(
  file: string | undefined,
  flags: TrainFlags,
  emit: (event: RunEvent) => void,
): Promise<Session> {
  refuseFlags('--resume continues the run unchanged (FILE --from RUN begins a new run with its weights)', {
    'a file': file,
    '--config': flags.config,
    '--out': flags.out,
    '--set': flags.set[0],
    '--from': flags.from,
    '--range-test': flags.rangeTest ? '' : undefined,
  });
  const folder = findRun(flags.resume ?? '');
  const { id, config, state, message } = await readOwnRecord(folder);
  const reason = storedMessage(state, message, (await lockHolder(folder)) !== undefined);
  if (state === 'running' && reason !== null)
    process.stderr.write(`${id}: ${say(reason)} It continues from its last checkpoint.\n`);
  prepareNativeEnvironment(config.threads);
  const { steps, seconds } = limitsOf(flags);
  const backend = flags.backend === undefined ? undefined : parseRunConfig({ backend: flags.backend }).backend;
  const changes = {
    ...(steps === undefined ? {} : { steps }),
    ...(seconds === undefined ? {} : { seconds }),
    ...(backend === undefined ? {} : { backend }),
  };
  return Session.resume({ folder, changes, backends: backendOptions(), ...eventsFolder(flags) }, emit);
}

/** Configuration from the file, overridden by --set, overridden by the other flags. */
async function configuration(flags: TrainFlags): Promise<RunConfig> {
  const fromFile = flags.config === undefined ? {} : await readConfig(flags.config);
  const checked = parseRunConfig(withFlags(fromFile, flags));
  refuseIneffective(checked);
  return withDataFrom(flags.config === undefined ? '.' : dirname(flags.config), checked);
}

/** A configuration with the fields that --set and the other flags change. */
function withFlags(config: object, flags: TrainFlags): object {
  let changed = applyAssignments(config, flags.set);
  if (flags.rangeTest) changed = rangeTestWith(parseRunConfig(changed), flags);
  const { steps, seconds } = limitsOf(flags);
  if (steps !== undefined) changed = setField(changed, 'training.steps', steps);
  if (seconds !== undefined) changed = setField(changed, 'training.seconds', seconds);
  return flags.backend === undefined ? changed : setField(changed, 'backend', flags.backend);
}

/**
 * The range test of a configuration. What makes it a test comes last; `--set` can choose its other fields, such as the last rate.
 * @throws ConfigError that names an assignment that contradicts the test
 */
function rangeTestWith(config: RunConfig, { steps, set }: TrainFlags): Record<string, unknown> {
  const test = rangeTestOf(config, steps);
  const changed = applyAssignments(test, set);
  const contradicted = RANGE_TEST_FIELDS.find((path) => getField(changed, path) !== getField(test, path));
  if (contradicted !== undefined) {
    const advice =
      contradicted === 'training.steps' ? 'Give the number of steps with --steps' : `Leave out --set ${contradicted}`;
    throw new ConfigError(
      `A range test sets ${contradicted} to ${String(getField(test, contradicted))}. ${advice}, or the option --range-test.`,
      { fields: [contradicted] },
    );
  }
  const last = 'training.lastLearningRate';
  const first = test.training.learningRate;
  if (Number(getField(changed, last)) <= first)
    throw new ConfigError(`A range test begins at a learning rate of ${first}: choose a higher ${last}.`, {
      fields: [last],
    });
  return changed;
}

/** @throws ConfigError that names a flag that is given although another one excludes it */
function refuseFlags(reason: string, excluded: Readonly<Record<string, string | undefined>>): void {
  const given = Object.keys(excluded).find((name) => excluded[name] !== undefined);
  if (given !== undefined) throw new ConfigError(`${reason} and cannot be combined with ${given}.`);
}

/** Training data: from the command line, otherwise from the configuration. */
function sourceFor({ task, data }: RunConfig, file: string | undefined): RunSource {
  if (file !== undefined) return { kind: 'file', path: resolve(file) };
  if (!tasks[task.name].generated && data.train !== '') return { kind: 'file', path: data.train };
  return { kind: 'generated' };
}

/** Folder of TensorBoard events, as the trainer takes it. */
function eventsFolder({ tensorboard }: TrainFlags): { tensorboard?: string } {
  if (tensorboard === undefined) return {};
  return { tensorboard: tensorboard === true ? '' : resolve(tensorboard) };
}

async function readConfig(path: string): Promise<object> {
  const text = await readSmallText(path).catch((error: unknown) => {
    throw new ConfigError(`The configuration ${path} cannot be read. ${say(textOf(error))}`, { cause: error });
  });
  const config = parseJson(text, basename(path));
  if (typeof config !== 'object' || config === null || Array.isArray(config)) {
    throw new ConfigError(`${path} must hold a JSON object, such as { "model": { "units": 128 } }.`);
  }
  return config;
}

function reporter(json: boolean): (event: RunEvent) => void {
  if (json) return jsonReporter();
  return isInteractive(process.stdout, process.env) ? progressReporter() : linesReporter();
}
