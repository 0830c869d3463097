import * as l10n from '@vscode/l10n';
import { say } from '../../src/phrases/phrase.ts';
import type { ReportPart } from '../../src/protocol/reportPage.ts';
import { button, h } from '../dom.ts';

type ProblemPart = Extract<ReportPart, { readonly kind: 'problems' }>;

/** What is wrong in a block, in its place. @param openLine shows a line in the editor; omitted without an editor */
export function problemView({ line, problems }: ProblemPart, openLine?: (line: number) => void): HTMLElement {
  return h(
    'div',
    {
      class: 'message bad report-problems',
      role: 'group',
      'aria-label': l10n.t('Block with an error'),
      'data-line': line,
    },
    h(
      'ul',
      {},
      ...problems.map(({ line: at, column, length, source, message }) => {
        const place = l10n.t('Line {0}', at);
        const [before, marked, after] = [
          source.slice(0, column),
          source.slice(column, column + length),
          source.slice(column + length),
        ];
        return h(
          'li',
          {},
          openLine ? button(place, { class: 'link' }, () => openLine(at)) : h('strong', {}, place),
          `: ${say(message)}`,
          h('pre', { translate: 'no' }, before, h('mark', {}, marked || ' '), after),
        );
      }),
    ),
  );
}
