import * as vscode from 'vscode';
import { configField } from '../config/fields.ts';
import type { RunConfig } from '../config/schema.ts';
import { BUNDLED, nativeBackends } from '../protocol/nativeBackends.ts';
import type { BackendReport } from '../protocol/trainer.ts';
import { HelpfulError } from './helpfulError.ts';

/** A configuration as it may run in this window, and what the user should know of the difference. */
export interface TrustedConfig {
  readonly config: RunConfig;
  readonly notices: readonly string[];
}

/**
 * In Restricted Mode text that nobody vouches for is not handed to native code: the bundled backend computes.
 * @throws HelpfulError when the configuration asks for native code there
 */
export function withinTrust(config: RunConfig): TrustedConfig {
  if (vscode.workspace.isTrusted) return { config, notices: [] };
  refuseNative(config.backend);
  return {
    config: { ...config, backend: BUNDLED },
    notices: [
      vscode.l10n.t(
        'Restricted Mode: neither native TensorFlow nor WebGPU is loaded; the bundled backend "{0}" trains. Trust the workspace to use all backends.',
        BUNDLED,
      ),
    ],
  };
}

/** @throws HelpfulError in Restricted Mode, when a run's backend is native code */
export function refuseNative(backend: string | undefined): void {
  const native = nativeBackends.get(backend ?? '');
  if (vscode.workspace.isTrusted || native === undefined) return;
  throw new HelpfulError(
    vscode.l10n.t(
      '{0} does not run in Restricted Mode. Trust the workspace, or choose the backend "{1}".',
      native,
      BUNDLED,
    ),
    { title: vscode.l10n.t('Manage Workspace Trust'), command: 'workbench.trust.manage' },
  );
}

/** The backends as they stand in Restricted Mode, where finding out more would mean loading native code. */
export function restrictedBackends(): BackendReport[] {
  const names = (configField('backend')?.enum ?? []).filter((name) => name !== 'auto');
  const reason = vscode.l10n.t('Not loaded in Restricted Mode. Trust the workspace to use it.');
  return names.map((name) =>
    nativeBackends.has(name) ? { name, loads: false, reason } : { name, loads: true, device: vscode.l10n.t('bundled') },
  );
}
