import { formatCount } from '../charts/number.ts';
import type { RunView } from '../../src/protocol/panel.ts';

/** Why there is no probe to show, and what to do. */
export function noProbeWords({ state, probeEvery }: Pick<RunView, 'state' | 'probeEvery'>): string {
  if (probeEvery === 0)
    return 'Probes are switched off in this run. Set "probes.every" to a number of steps and train a new run, to see how far back its gradient reaches.';
  switch (state) {
    case 'starting':
      return 'The first probe is taken when training begins.';
    case 'running':
    case 'paused':
      return `No probe yet: one is taken every ${formatCount(probeEvery)} steps.`;
    case 'completed':
    case 'stopped':
    case 'diverged':
    case 'failed':
    case 'interrupted':
      return 'No probe was taken in this run. Train a new one, to see how far back its gradient reaches.';
  }
}
