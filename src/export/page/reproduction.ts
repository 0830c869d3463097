import { basename } from 'node:path';
import { FILE_FIELDS } from '../../config/fields.ts';
import { getField, setField } from '../../config/parse.ts';
import { hasEffect } from '../../config/applicability.ts';
import { type RunConfig, runConfigSchema } from '../../config/schema.ts';
import type { Reproduction } from '../../protocol/exportedPage.ts';
import type { RunRecord } from '../../runs/record.ts';

/**
 * How to repeat a run with the command line: its configuration with the backend and the threads that it ran on, and the
 * command that trains it. Files are named without their folders, which are those of one computer.
 */
export function reproductionOf(record: RunRecord): Reproduction {
  const { config, backend, source, name, steps, secondsLimit, versions } = record;
  const data = source === null ? null : name;
  const file = configName(record);
  // A run that was resumed has other limits than its configuration, which its schedules stay bound to.
  const limits = [
    ...(steps === config.training.steps ? [] : [`--steps ${steps}`]),
    ...(secondsLimit === config.training.seconds ? [] : [`--seconds ${secondsLimit}`]),
  ].slice(0, 1);
  return {
    command: [
      'sequence-lab',
      'train',
      ...(data === null ? [] : [quoted(data)]),
      `--config ${quoted(file)}`,
      ...limits,
    ].join(' '),
    configName: file,
    config: JSON.stringify(onBackend(shareable(config), backend), undefined, 2),
    data,
    sha256: source?.sha256 ?? null,
    versions,
  };
}

/** A configuration for the backend and the number of threads that a run has used. */
function onBackend(config: RunConfig, { name, threads }: RunRecord['backend']): RunConfig {
  const chosen = runConfigSchema.parse({ ...config, backend: name });
  return hasEffect(chosen, 'threads') ? { ...chosen, threads } : chosen;
}

/** A configuration whose files are named without their folders. */
export function shareable(config: RunConfig): RunConfig {
  let named: object = config;
  for (const path of FILE_FIELDS) {
    const value = getField(config, path);
    if (typeof value === 'string' && value !== '') named = setField(named, path, lastName(value));
  }
  return runConfigSchema.parse(named);
}

/** The last part of a path of any operating system. */
function lastName(path: string): string {
  return basename(path.replaceAll('\\', '/'));
}

/** Name of the configuration file of a run, such as `hamlet.sequence-lab.json`. */
function configName({ name }: RunRecord): string {
  const stem = name.replace(/\.[^.]*$/, '').replaceAll(/[^\p{L}\p{N}]+/gu, '-');
  return `${stem.replaceAll(/^-+|-+$/g, '').slice(0, 60) || 'run'}.sequence-lab.json`;
}

/** An argument for a POSIX shell. */
export function quoted(argument: string): string {
  if (/^[\w./:@%+=,-]+$/.test(argument) && !argument.startsWith('-')) return argument;
  return `'${(argument.startsWith('-') ? `./${argument}` : argument).replaceAll("'", `'\\''`)}'`;
}
