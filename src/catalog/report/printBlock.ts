import type { ReportBlock } from '../../protocol/reportPage.ts';
import { DEFAULT_BLOCK, plotKind } from './parseBlock.ts';
import { BLOCK_LANGUAGE } from './splitReport.ts';

/** A block as a text, which `parseBlock` reads back. Keys with their defaults are left out. */
export function printBlock(block: ReportBlock): string {
  const { runs, plot, x, group, columns, sort, limit, step, logarithmic, caption } = block;
  const lines = [
    ['runs', runs],
    ['plot', plot === DEFAULT_BLOCK.plot ? '' : plot],
    ['x', x === DEFAULT_BLOCK.x ? '' : x],
    ['group', group ?? ''],
    ['columns', columns?.join(', ') ?? ''],
    ['sort', sort.map(({ column, descending }) => (descending ? `-${column}` : column)).join(', ')],
    ['limit', limit === null ? '' : String(limit)],
    ['step', step === null ? '' : String(step)],
    ['log', logarithmic === (plotKind(plot) === 'gradient') ? '' : logarithmic ? 'yes' : 'no'],
    ['caption', caption],
  ] as const;
  const shown = lines.filter(([, value]) => value !== '').map(([key, value]) => `${key}: ${value}`);
  return ['```' + BLOCK_LANGUAGE, ...shown, '```'].join('\n');
}
