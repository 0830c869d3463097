import * as vscode from 'vscode';
import { configField } from '../config/fields.ts';
import type { RunConfig } from '../config/schema.ts';
import { BUNDLED, nativeBackends } from '../protocol/nativeBackends.ts';
import type { BackendReport } from '../protocol/trainer.ts';
import { type HelpfulAction, HelpfulError } from './helpfulError.ts';

/** Configuration that is allowed in this window, with notices on the differences. */
export interface TrustedConfig {
  readonly config: RunConfig;
  readonly notices: readonly string[];
}

/**
 * In Restricted Mode, replaces `auto` by the bundled backend: untrusted text is not passed to native code.
 * @throws HelpfulError if the configuration selects a native backend in Restricted Mode
 */
export function withinTrust(config: RunConfig): TrustedConfig {
  if (vscode.workspace.isTrusted) return { config, notices: [] };
  refuseNative(config.backend);
  return {
    config: { ...config, backend: BUNDLED },
    notices: [
      vscode.l10n.t(
        'The run uses the bundled backend "{0}", because native TensorFlow and WebGPU are disabled in Restricted Mode. Trust the workspace to use all backends.',
        BUNDLED,
      ),
    ],
  };
}

/** Checks that a backend is allowed. @throws HelpfulError in Restricted Mode if the backend is native code */
export function refuseNative(backend: string | undefined): void {
  const native = nativeBackends.get(backend ?? '');
  if (vscode.workspace.isTrusted || native === undefined) return;
  throw new HelpfulError(
    vscode.l10n.t(
      '{0} is disabled in Restricted Mode. Trust the workspace, or choose the backend "{1}".',
      native,
      BUNDLED,
    ),
    manageTrust(),
  );
}

/** Checks that a command may start a program. @param what the command @throws HelpfulError in Restricted Mode */
export function refuseUntrusted(what: string): void {
  if (vscode.workspace.isTrusted) return;
  throw new HelpfulError(
    vscode.l10n.t('"{0}" starts a program, which is disabled in Restricted Mode. Trust the workspace first.', what),
    manageTrust(),
  );
}

/** Checks that a link may start a run. @throws HelpfulError in Restricted Mode */
export function refuseLinks(): void {
  if (vscode.workspace.isTrusted) return;
  throw new HelpfulError(
    vscode.l10n.t('Links start no runs in Restricted Mode. Trust the workspace first.'),
    manageTrust(),
  );
}

function manageTrust(): HelpfulAction {
  return { title: vscode.l10n.t('Manage workspace trust'), command: 'workbench.trust.manage' };
}

/** Reports of all backends in Restricted Mode. Native backends are not loaded. */
export function restrictedBackends(): BackendReport[] {
  const names = (configField('backend')?.enum ?? []).filter((name) => name !== 'auto');
  const reason = vscode.l10n.t('Disabled in Restricted Mode. Trust the workspace to use it.');
  return names.map((name) =>
    nativeBackends.has(name) ? { name, loads: false, reason } : { name, loads: true, device: vscode.l10n.t('bundled') },
  );
}
