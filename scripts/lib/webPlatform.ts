import { existsSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import type { BuildOptions, Plugin } from 'esbuild';
import { exportedPageOptions, pageOptions } from './pageOptions.ts';
import { root } from './paths.ts';

const platform = resolve(root, 'src/platform');
const web = resolve(platform, 'web');
const unused = resolve(root, 'scripts/lib/unused.mjs');

/**
 * Replaces modules by those for a browser: those of `src/platform` by the files of the same name in its folder `web`.
 * @param overrides folder with modules that take precedence, by name: also for readers of files that are not text
 */
function webPlatform(overrides?: string): Plugin {
  return {
    name: 'platform of a browser',
    setup(build) {
      build.onResolve({ filter: /^\.\.?\/.*\.ts$/ }, ({ path, resolveDir }) => {
        const file = resolve(resolveDir, path);
        const isPlatform = dirname(file) === platform || dirname(file) === web;
        if (!isPlatform && basename(file) !== 'readPacked.ts') return undefined;
        const own = overrides === undefined ? undefined : resolve(overrides, basename(file));
        if (own !== undefined && resolveDir !== overrides && existsSync(own)) return { path: own };
        const replaced = resolve(web, basename(file));
        return isPlatform && existsSync(replaced) ? { path: replaced } : undefined;
      });
    },
  };
}

const browserOptions = {
  alias: {
    ...pageOptions.alias,
    '@tensorflow/tfjs-backend-webgl': unused,
    'node-fetch': unused,
    'node:path': resolve(web, 'path.ts'),
  },
  // Only used to find files of the product.
  define: { 'import.meta.url': '"file:///product/dist/program.js"' },
} satisfies BuildOptions;

/** Options of esbuild for programs of the product in a browser. */
export const webOptions = {
  ...pageOptions,
  ...browserOptions,
  format: 'esm',
  plugins: [webPlatform()],
} satisfies BuildOptions;

/**
 * Options of esbuild for a program that runs as a worker. VS Code for the Web starts workers from classic scripts only, in
 * which nothing waits outside of a function.
 */
export const webWorkerOptions = {
  ...webOptions,
  banner: { js: '(async () => {' },
  footer: { js: '})().catch((error) => setTimeout(() => { throw error; }));' },
} satisfies BuildOptions;

/** Options of esbuild for the script that runs a model in an exported page: its files are in memory. */
export const livePageOptions = {
  ...exportedPageOptions,
  ...browserOptions,
  plugins: [webPlatform(resolve(root, 'src/live/platform'))],
} satisfies BuildOptions;
