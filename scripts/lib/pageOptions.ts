import type { BuildOptions } from 'esbuild';

/** Options of esbuild for a page that runs in a webview, in the product and in the tests of the pages. */
export const pageOptions = {
  bundle: true,
  platform: 'browser',
  target: 'chrome128',
  format: 'iife',
  // The Node.js build requires Buffer.
  alias: { 'csv-stringify/sync': 'csv-stringify/browser/esm/sync' },
} satisfies BuildOptions;

/** The same for a page that is exported as one file: any browser, and small in every build. */
export const exportedPageOptions = {
  ...pageOptions,
  target: ['chrome120', 'firefox121', 'safari17'],
  minify: true,
  sourcemap: false,
} satisfies BuildOptions;
