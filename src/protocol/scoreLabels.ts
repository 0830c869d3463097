import * as l10n from '@vscode/l10n';

/** Labels of the scores of validations, for figures and lists. */
const LABELS: Readonly<Record<string, () => string>> = {
  accuracy: () => l10n.t('accuracy'),
  sequenceAccuracy: () => l10n.t('accuracy of whole sequences'),
  sentenceAccuracy: () => l10n.t('accuracy of whole sentences'),
  tokenAccuracy: () => l10n.t('token accuracy'),
  exactMatch: () => l10n.t('exact match'),
  microF1: () => l10n.t('micro F1'),
  macroF1: () => l10n.t('macro F1'),
  entityF1: () => l10n.t('entity F1'),
  auc: () => l10n.t('area under the ROC curve'),
};

/** Label of a score, such as "macro F1" for `macroF1`; the name itself if it has none. */
export function scoreLabel(name: string): string {
  return Object.hasOwn(LABELS, name) ? (LABELS[name]?.() ?? name) : name;
}
