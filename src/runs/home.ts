import { join, resolve } from 'node:path';
import { environment, homeFolder } from '../platform/system.ts';

/**
 * The folder shared by the extension and the command line: runs, native TensorFlow, backend choices.
 * @param setting the value of the editor's setting; it takes precedence over the environment variable
 */
export function labHome(setting = ''): string {
  if (setting.trim() !== '') return resolve(expandTilde(setting.trim()));
  const variable = environment['SEQUENCE_LAB_HOME'];
  if (variable !== undefined && variable.trim() !== '') return resolve(variable);
  return join(homeFolder(), '.sequence-lab');
}

/** The folder of the runs. */
export function runsFolder(home: string): string {
  return join(home, 'runs');
}

function expandTilde(path: string): string {
  return path === '~' || path.startsWith('~/') ? join(homeFolder(), path.slice(1)) : path;
}
