import * as l10n from '@vscode/l10n';
import type { RunState } from './panel.ts';

const NAMES: Readonly<Record<RunState, () => string>> = {
  waiting: () => l10n.t('waiting'),
  starting: () => l10n.t('starting'),
  running: () => l10n.t('running'),
  paused: () => l10n.t('paused'),
  completed: () => l10n.t('completed'),
  stopped: () => l10n.t('stopped'),
  diverged: () => l10n.t('diverged'),
  failed: () => l10n.t('failed'),
  interrupted: () => l10n.t('interrupted'),
  imported: () => l10n.t('imported'),
};

const known: ReadonlyMap<string, () => string> = new Map(Object.entries(NAMES));

/** State of a run in the middle of a sentence; a text that is no state stays as it is. */
export function stateName(state: string): string {
  return known.get(state)?.() ?? state;
}
