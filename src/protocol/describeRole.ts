import * as l10n from '@vscode/l10n';
import type { TokenClass, UnitRoles } from './inspection.ts';

/** Correlation below which a unit follows no class of tokens. */
const WEAK = 0.3;
/** Memory in tokens above which it is not counted. */
const LONG = 1000;

const CLASSES: Readonly<Record<TokenClass, () => string>> = {
  letters: () => l10n.t('letters'),
  digits: () => l10n.t('digits'),
  spaces: () => l10n.t('spaces'),
  punctuation: () => l10n.t('punctuation'),
  capitals: () => l10n.t('capitals'),
  newlines: () => l10n.t('line breaks'),
  quotes: () => l10n.t('quotes'),
};

/** What a unit follows, such as "high at spaces (correlation 0.83), remembers about 12 tokens". */
export function describeRole({ tokenClass, correlation, memory }: UnitRoles['units'][number]): string {
  const size = correlation.toFixed(2);
  const follows =
    Math.abs(correlation) < WEAK
      ? l10n.t('follows no class of characters')
      : correlation > 0
        ? l10n.t('high at {0} (correlation {1})', CLASSES[tokenClass](), size)
        : l10n.t('low at {0} (correlation {1})', CLASSES[tokenClass](), size);
  return l10n.t('{0}, {1}', follows, describeMemory(memory));
}

function describeMemory(tokens: number): string {
  if (tokens > LONG) return l10n.t('hardly forgets');
  return tokens < 1.5 ? l10n.t('forgets within a token') : l10n.t('remembers about {0} tokens', Math.round(tokens));
}
