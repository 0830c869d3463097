import { basename, resolve } from 'node:path';
import type { BuildOptions, Plugin } from 'esbuild';
import { exportedPageOptions } from './pageOptions.ts';

const root = resolve(import.meta.dirname, '../..');

/** Replaces the modules of `src/platform`, and the readers of files that are not text, by those of a browser. */
const livePlatform: Plugin = {
  name: 'live platform',
  setup(build) {
    build.onResolve(
      { filter: /^\.\.?\/(?:.*platform\/\w+|(?:.*packed\/)?readPacked)\.ts$/ },
      ({ path, resolveDir }) => {
        const isOwn = resolve(resolveDir, path).startsWith(resolve(root, 'src/live'));
        return isOwn ? undefined : { path: resolve(root, 'src/live/platform', basename(path)) };
      },
    );
  },
};

/** Options of esbuild for the script that runs a model in an exported page. */
export const livePageOptions = {
  ...exportedPageOptions,
  alias: {
    ...exportedPageOptions.alias,
    '@tensorflow/tfjs-backend-webgl': resolve(root, 'scripts/lib/unused.mjs'),
    'node:path': resolve(root, 'src/live/platform/path.ts'),
  },
  // Only used to find files of the programs, which a page does not have.
  define: { 'import.meta.url': '"file:///page.js"' },
  plugins: [livePlatform],
} satisfies BuildOptions;
