import katex from 'katex';
import { formulas } from '../../webview/math/formulas.ts';

/** Renders the formulas of the pages to MathML: a JSON object from the id of a formula to a `<math>` element. */
export function formulasJson(): string {
  const rendered = Object.fromEntries(Object.entries(formulas).map(([id, tex]) => [id, mathMl(tex)]));
  return `${JSON.stringify(rendered, undefined, 2)}\n`;
}

/** @throws katex.ParseError that names the position of the error */
function mathMl(tex: string): string {
  const html = katex.renderToString(tex, { output: 'mathml', throwOnError: true, strict: 'error' });
  const start = html.indexOf('<math');
  return html.slice(start, html.indexOf('</math>') + '</math>'.length);
}
