import * as l10n from '@vscode/l10n';
import { formatCount, formatNumber } from '../charts/number.ts';
import { bitsOf, type METRICS, type RunUnits } from '../../src/protocol/metrics.ts';

/** Formats a loss or a norm with three decimals; large values with four significant digits. */
export function formatLoss(value: number): string {
  return Math.abs(value) < 1000 ? value.toFixed(3) : formatNumber(value);
}

/** Formats a perplexity. */
function formatPerplexity(perplexity: number): string {
  if (perplexity === Infinity) return l10n.t('beyond 1e308');
  if (perplexity < 10) return perplexity.toFixed(2);
  return perplexity < 1000 ? perplexity.toFixed(1) : formatNumber(perplexity);
}

/** Formatters of the metrics by the name of their format. */
const metricFormats: Readonly<Record<(typeof METRICS)[number]['format'], (value: number, units: RunUnits) => string>> =
  {
    loss: formatLossIn,
    decimals: formatLoss,
    digits: formatNumber,
    perplexity: formatPerplexity,
  };

/** Formats a value of a metric without its unit. */
export function formatMetric(
  { format }: Pick<(typeof METRICS)[number], 'format'>,
  value: number,
  units: RunUnits,
): string {
  return metricFormats[format](value, units);
}

/** Formats a loss with its unit; a loss in nats also in bits and as a perplexity. */
export function describeLoss(value: number, { loss, nats }: Pick<RunUnits, 'loss' | 'nats'>): string {
  const inUnit = `${formatLossIn(value, { nats })} ${loss}`;
  return nats
    ? l10n.t('{0} ({1} bits, perplexity {2})', inUnit, formatLoss(bitsOf(value)), formatPerplexity(Math.exp(value)))
    : inUnit;
}

/** Formats a loss without its unit: nats with three decimals, others with at least three significant digits. */
export function formatLossIn(value: number, { nats }: Pick<RunUnits, 'nats'>): string {
  return nats || Math.abs(value) >= 1 || value === 0 ? formatLoss(value) : String(Number(value.toPrecision(3)));
}

const UNITS: readonly { readonly seconds: number; readonly format: (n: string) => string }[] = [
  { seconds: 86_400, format: (n) => l10n.t('{0} d', n) },
  { seconds: 3600, format: (n) => l10n.t('{0} h', n) },
  { seconds: 60, format: (n) => l10n.t('{0} min', n) },
  { seconds: 1, format: (n) => l10n.t('{0} s', n) },
];

/** Formats a duration in its two largest units, such as "1 min 20 s"; omits the second one if it is zero. */
export function formatDuration(seconds: number): string {
  const total = Math.round(seconds);
  if (total < 1) return l10n.t('less than 1 s');
  const first = UNITS.findIndex((unit) => total >= unit.seconds);
  let rest = total;
  const parts: string[] = [];
  for (const { seconds: size, format } of UNITS.slice(first, first + 2)) {
    const n = Math.floor(rest / size);
    rest -= n * size;
    if (n > 0) parts.push(format(formatCount(n)));
  }
  return parts.join(' ');
}

const BYTE_UNITS: readonly ((n: number) => string)[] = [
  (n) => l10n.t('{0} bytes', n),
  (n) => l10n.t('{0} kB', n),
  (n) => l10n.t('{0} MB', n),
  (n) => l10n.t('{0} GB', n),
];

/** Formats a size in bytes, such as "12.3 MB"; kB, MB and GB are powers of 1000. */
export function formatBytes(bytes: number): string {
  const power = Math.min(BYTE_UNITS.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  return BYTE_UNITS[power]?.(Number((bytes / 1000 ** power).toPrecision(3))) ?? '';
}
