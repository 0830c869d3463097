import { formatCsv } from '../../format/csv.ts';
import type { ReportBlock } from '../../protocol/report.ts';

/**
 * The forecasts after the last row in a report, one step per row.
 * @returns undefined if there is none
 */
export function forecastCsv(blocks: readonly ReportBlock[]): string | undefined {
  const next = blocks.filter((block) => block.kind === 'forecast').filter(({ errors }) => !errors);
  if (next.length === 0) return undefined;
  const hasSeries = next.some(({ series }) => series !== undefined);
  const head = [...(hasSeries ? ['series'] : []), 'column', 'ahead', 'time', 'value', 'low', 'high'];
  const rows = next.flatMap(({ series, column, truth, times, origins }) =>
    origins.flatMap(({ values, low, high }) =>
      values.map((value, h) => [
        ...(hasSeries ? [series] : []),
        ...[column, h + 1, times?.[truth.length + h], value, low?.[h], high?.[h]],
      ]),
    ),
  );
  return formatCsv([head, ...rows]);
}
