import * as tf from '@tensorflow/tfjs';
import packageJson from '../../package.json' with { type: 'json' };
import { workspaceVersion } from '../platform/git.ts';
import { engineVersions, machineFacts } from '../platform/system.ts';
import type { BackendInUse } from '../protocol/events.ts';
import type { BackendOptions } from '../protocol/trainer.ts';
import type { RunPart } from '../runs/runPart.ts';

/** Facts about this process, on which the numbers of a part of a run depend. */
export type ThisProcess = Pick<RunPart, 'backend' | 'versions' | 'machine'>;

/** The facts about this process, with the backend in use. */
export function thisProcess(backend: BackendInUse): ThisProcess {
  return { backend, versions: versions(), machine: machineFacts() };
}

/** Versions of the software that trains a run. */
export function versions(): Record<string, string> {
  return {
    'sequence-lab': packageJson.version,
    tensorflowjs: tf.version['tfjs-core'],
    ...engineVersions(),
  };
}

/** The part of a run that begins now, after `from` steps. */
export async function partFrom(
  from: number,
  backend: BackendInUse,
  { learningRate, clipNorm }: Pick<RunPart, 'learningRate' | 'clipNorm'>,
  { workspace }: Pick<BackendOptions, 'workspace'>,
): Promise<RunPart> {
  return {
    from,
    startedAt: new Date().toISOString(),
    learningRate,
    clipNorm,
    ...thisProcess(backend),
    workspace: workspace === undefined ? null : await workspaceVersion(workspace),
  };
}
