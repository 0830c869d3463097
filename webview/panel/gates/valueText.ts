import * as l10n from '@vscode/l10n';

/** A value of a gate or state as text. @param value NaN for one that is not finite, which is drawn as missing */
export function valueText(value: number, digits: number): string {
  return Number.isFinite(value) ? value.toFixed(digits) : l10n.t('not finite');
}
