import { sha256Base64 } from '../../platform/hashing.ts';
import type { LiveModel } from '../../protocol/exportedPage.ts';

/** The built files of the page. */
export interface PageAssets {
  readonly script: string;
  readonly style: string;
  /** Script that runs the model of a page with one. */
  readonly liveScript: string;
}

export interface PageContent {
  /** The data that the script of the page reads. */
  readonly page: object;
  readonly title: string;
  /** Version of Sequence Lab. */
  readonly product: string;
  /** The model that the page runs; null for a page that only shows. */
  readonly live: LiveModel | null;
  /** Language of the page, such as "en", and its translations by their English text. */
  readonly language: string;
  readonly translations: Readonly<Record<string, unknown>>;
}

/**
 * An HTML document of a page with everything in it: it loads nothing, and its policy allows only its own script and
 * style, which it names by their hashes. Data is JSON in elements that are never executed.
 */
export function pageDocument(content: PageContent, assets: PageAssets): string {
  const { page, title, product, live, language, translations } = content;
  const scripts = [...(live ? [assets.liveScript] : []), assets.script];
  for (const script of scripts) refuse(script, /<\/script|<!--/i, 'script');
  refuse(assets.style, /<\/style|<!--/i, 'style');
  const policy = [
    "default-src 'none'",
    `script-src ${scripts.map(hashSource).join(' ')}${live ? " 'wasm-unsafe-eval'" : ''}`,
    `style-src ${hashSource(assets.style)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${escaped(language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="Sequence Lab ${escaped(product)}">
<title>${escaped(title)}</title>
<style>${assets.style}</style>
</head>
<body>
<div id="root"></div>
${jsonElement('translations', translations)}
${jsonElement('page-data', page)}
${live ? jsonElement('live-data', live) : ''}
${scripts.map((script) => `<script>${script}</script>`).join('\n')}
</body>
</html>
`;
}

/** An element with JSON. Without the character "<", no text can end the element or begin a comment. */
function jsonElement(id: string, value: unknown): string {
  return `<script type="application/json" id="${id}">${JSON.stringify(value).replaceAll('<', '\\u003c')}</script>`;
}

/** A text as part of HTML, or of an attribute in double quotes. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

function hashSource(content: string): string {
  return `'sha256-${sha256Base64(content)}'`;
}

/** @throws Error for a built file that would end its element */
function refuse(content: string, pattern: RegExp, element: string): void {
  if (pattern.test(content)) throw new Error(`The built ${element} of the page contains a text that ends its element.`);
}
