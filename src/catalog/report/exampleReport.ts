import * as l10n from '@vscode/l10n';
import { MAX_COMPARED_RUNS } from '../../protocol/comparison.ts';
import { DEFAULT_BLOCK } from './parseBlock.ts';
import { printBlock } from './printBlock.ts';

/** Text of a new report: a hypothesis, and plots of the given runs; of all runs without any. */
export function exampleReport(ids: readonly string[]): string {
  const runs = ids.length === 0 ? 'all' : ids.slice(0, MAX_COMPARED_RUNS).join(', ');
  const block = (change: Partial<typeof DEFAULT_BLOCK>) => printBlock({ runs, ...DEFAULT_BLOCK, ...change });
  const sort = [{ column: 'best', descending: false }];
  const newest = ids.length === 0 ? { limit: 8 } : {};
  return (
    [
      `# ${l10n.t('Report')}`,
      l10n.t('**Hypothesis.** What do you expect, and why?'),
      `## ${l10n.t('Result')}`,
      block({ ...newest, caption: l10n.t('Validation loss by step') }),
      block({ ...newest, plot: 'table', sort }),
      `## ${l10n.t('Gradient')}`,
      block({ ...newest, plot: 'gradient', logarithmic: true, caption: l10n.t('Gradient by lag at the best step') }),
      `## ${l10n.t('Conclusion')}`,
      l10n.t('What did the runs show?'),
    ].join('\n\n') + '\n'
  );
}
