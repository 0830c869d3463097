import * as l10n from '@vscode/l10n';
import type { AnimatedMap, HeatMapScene } from '../../charts/heatMapScene.ts';
import { formatNumber } from '../../charts/number.ts';
import type { LagCurve } from '../../../src/protocol/probes.ts';

/** Decades below the largest norm that the colors cover; smaller norms have the first color. */
const DECADES = 6;

/** A lag matrix at a step of training. */
export interface StepMatrix {
  readonly step: number;
  readonly matrix: readonly LagCurve[];
}

/** Heat maps of lag matrices through training, whose colors cover the norms of all of them. */
export function lagMatrixScenes(measured: readonly StepMatrix[]): AnimatedMap[] {
  const largest = Math.max(0, ...measured.map(({ matrix }) => largestOf(matrix)));
  return measured.flatMap(({ step, matrix }) => {
    const scene = lagMatrixScene(matrix, largest);
    return scene ? [{ step, scene }] : [];
  });
}

function largestOf(matrix: readonly LagCurve[]): number {
  return matrix.flat().reduce<number>((most, norm) => Math.max(most, norm ?? 0), 0);
}

/**
 * Builds the heat map of a lag matrix on a logarithmic scale; null if no norm is above zero.
 * @param largest norm with the last color
 */
export function lagMatrixScene(matrix: readonly LagCurve[], largest = largestOf(matrix)): HeatMapScene | null {
  const rows = matrix.flatMap((row, step) => (row.length > 0 ? [{ row, step }] : []));
  if (largest === 0 || rows.length === 0) return null;
  const columns = Math.max(...rows.map(({ row }) => row.length));
  const values = new Uint8Array(rows.length * columns);
  const holes = new Uint8Array(rows.length * columns).fill(1);
  rows.forEach(({ row }, i) => {
    row.forEach((norm, lag) => {
      if (norm === null) return;
      holes[i * columns + lag] = 0;
      values[i * columns + lag] = byteOf(norm, largest);
    });
  });
  const at = (row: number, column: number) => rows[row]?.row[column] ?? null;
  return {
    title: l10n.t('Lag matrix'),
    rows: {
      title: l10n.t('loss of step'),
      count: rows.length,
      thinnable: true,
      label: (row) => String(rows[row]?.step ?? ''),
      name: (row) => l10n.t('loss of step {0}', rows[row]?.step ?? ''),
    },
    columns: {
      title: l10n.t('lag'),
      count: columns,
      thinnable: true,
      label: String,
      name: (column) => l10n.t('lag {0}', column),
    },
    values,
    holes,
    palette: 'sequential',
    low: l10n.t('{0} or less', formatNorm(largest * 10 ** -DECADES)),
    high: formatNorm(largest),
    text: ({ row, column }) => formatNorm(at(row, column) ?? NaN),
    details: () => [],
  };
}

/** Encodes a norm as a byte. Subtracts logarithms, because the ratio can underflow. */
function byteOf(norm: number, largest: number): number {
  const share = 1 - (Math.log10(largest) - Math.log10(norm)) / DECADES;
  return Math.round(255 * Math.max(0, share));
}

/** Describes a lag matrix by the median lag at which a gradient falls below 1 % of its value at lag 0. */
export function describeLagMatrix(matrix: readonly LagCurve[]): string {
  const reaches = matrix.flatMap((row) => {
    const [start] = row;
    if (start == null || start === 0 || row.length < 2) return [];
    const lost = row.findIndex((norm) => norm !== null && norm < start / 100);
    return [lost < 0 ? row.length - 1 : lost];
  });
  if (reaches.length === 0) return l10n.t('Every gradient is zero or not finite.');
  const middle = reaches.sort((a, b) => a - b)[Math.floor(reaches.length / 2)] ?? 0;
  return l10n.t(
    'For half of the losses, the gradient stays above 1 % of its value at lag 0 for at least {0} steps.',
    middle,
  );
}

function formatNorm(norm: number): string {
  return Number.isFinite(norm) ? formatNumber(Number(norm.toPrecision(3))) : l10n.t('not finite');
}
