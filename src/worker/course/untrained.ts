import type { RunConfig } from '../../config/schema.ts';
import { MAX_PROBED } from '../../probes/probed.ts';
import { takeProbe } from '../../probes/takeProbe.ts';
import type { UntrainedFlow } from '../../protocol/lessons/untrained.ts';
import { judgedDirection } from '../../protocol/probes.ts';
import { judgedRun, probedFor } from '../runProbes.ts';
import { taskKinds } from '../tasks/registry.ts';

/**
 * Probes the initial weights of a run, as its first probe does before training.
 * @throws InputError if the task does not generate its data; Error if the model has no recurrent layers
 */
export async function probeUntrainedModel(config: RunConfig): Promise<UntrainedFlow> {
  const loaded = await taskKinds[config.task.name].load({ kind: 'generated' }, config);
  const task = loaded.create();
  try {
    task.initialize();
    const probe = await takeProbe(probedFor(task, null, 'zero', undefined), {
      ...judgedRun(config),
      step: 0,
      source: 'batch',
      start: 'zero',
      clippedShare: 0,
      learning: null,
      thorough: false,
      sequences: MAX_PROBED,
    });
    const { layer, flow } = judgedDirection(probe);
    const { median, low, high } = flow;
    return { flow: { step: 0, median, low, high }, forgetProduct: layer.forgetProduct };
  } finally {
    task.dispose();
  }
}
