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
