import katex from 'katex';
import { formulas } from '../../webview/math/formulas.ts';

/** Renders the formulas of the pages to MathML: a JSON object from the id of a formula to a `<math>` element. */
export function formulasJson(): string {
  const rendered = Object.fromEntries(Object.entries(formulas).map(([id, tex]) => [id, mathMl(tex)]));
  return `${JSON.stringify(rendered, undefined, 2)}\n`;
}

const THIN_SPACE = '<mspace width="0.1667em"></mspace>';
/** A named operator such as tanh, and the invisible function application after it. */
const AFTER_OPERATOR = /<mo>\u2061<\/mo>(?=<m(?!o>|o ))/g;
const BEFORE_OPERATOR = /(?<=<\/m(?:sup|sub|subsup)>)(?=<mi>[a-z]{2,}<\/mi><mo>\u2061<\/mo>)/g;

/** @throws katex.ParseError that names the position of the error */
function mathMl(tex: string): string {
  const html = katex.renderToString(tex, { output: 'mathml', throwOnError: true, strict: 'error' });
  const start = html.indexOf('<math');
  const math = html.slice(start, html.indexOf('</math>') + '</math>'.length);
  // KaTeX leaves the space around a named operator to the browser, and Chromium adds none: "o tanh c" became "otanhc".
  return math.replaceAll(AFTER_OPERATOR, `$&${THIN_SPACE}`).replaceAll(BEFORE_OPERATOR, THIN_SPACE);
}
