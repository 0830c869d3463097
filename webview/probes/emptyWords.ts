import type { RunState } from '../../src/protocol/panel.ts';

/** Why there is no probe to show, and what to do. */
export function noProbeWords(state: RunState): string {
  switch (state) {
    case 'starting':
      return 'The first probe is taken when training begins.';
    case 'running':
    case 'paused':
      return 'No probe yet. One is taken every so many steps of training; the setting "probes.every" says how many, and 0 takes none.';
    case 'completed':
    case 'stopped':
    case 'diverged':
    case 'failed':
    case 'interrupted':
      return 'This run has no probes: it was trained without them. Train a new run to see how far back its gradient reaches.';
  }
}
