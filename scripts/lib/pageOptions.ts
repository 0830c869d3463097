import type { BuildOptions } from 'esbuild';

/** How esbuild bundles a page that runs in a webview, for the product and for the tests of its pages. */
export const pageOptions = {
  bundle: true,
  platform: 'browser',
  target: 'chrome128',
  format: 'iife',
  // The build for Node needs Node's Buffer.
  alias: { 'csv-stringify/sync': 'csv-stringify/browser/esm/sync' },
} satisfies BuildOptions;
