import * as l10n from '@vscode/l10n';
import katex from 'katex';
import { h } from '../dom.ts';

/** Bounds for formulas of a document that anyone may have written. */
const LIMITS = { trust: false, maxExpand: 200, maxSize: 20 } as const;

/** Creates a typeset formula from TeX, as MathML; the source with what is wrong if it is no TeX. */
export function texFormula(tex: string, display: boolean): Node {
  try {
    const html = katex.renderToString(tex, {
      output: 'mathml',
      displayMode: display,
      throwOnError: true,
      strict: 'ignore',
      ...LIMITS,
    });
    const start = html.indexOf('<math');
    // The policy of the page allows no styles of elements; without them, a formula only loses decoration.
    const math = html.slice(start, html.lastIndexOf('</math>') + '</math>'.length).replaceAll(/ style="[^"]*"/g, '');
    const parsed = new DOMParser().parseFromString(math, 'application/xml');
    if (parsed.querySelector('parsererror')) throw new Error(tex);
    return document.importNode(parsed.documentElement, true);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return h('code', { class: 'bad-formula', title: reason }, l10n.t('{0} (not a formula)', tex));
  }
}
