import * as l10n from '@vscode/l10n';
import type { WriterForm } from '../../src/protocol/generation.ts';
import { formatCount } from '../charts/number.ts';

/** Number of tokens, such as "120 characters". */
export function countTokens(tokens: number, kind: WriterForm['tokenKind']): string {
  const [one, several] = {
    character: [l10n.t('1 character'), l10n.t('{0} characters', formatCount(tokens))],
    word: [l10n.t('1 word'), l10n.t('{0} words', formatCount(tokens))],
    subword: [l10n.t('1 subword'), l10n.t('{0} subwords', formatCount(tokens))],
  }[kind];
  return (tokens === 1 ? one : several) ?? '';
}
