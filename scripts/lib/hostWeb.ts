import { existsSync } from 'node:fs';
import { basename, dirname, relative, resolve } from 'node:path';
import type { Plugin } from 'esbuild';

const host = resolve(import.meta.dirname, '../../src/host');
const web = resolve(host, 'web');

/**
 * Replaces modules of `src/host` that need Node by those of the same name in `src/host/web`, for the extension host of
 * a browser.
 */
export const hostWeb: Plugin = {
  name: 'host in a browser',
  setup(build) {
    build.onResolve({ filter: /^\.\.?\/.*\.ts$/ }, ({ path, resolveDir }) => {
      const module = resolve(resolveDir, path);
      const isOfHost = !relative(host, module).startsWith('..') && dirname(module) !== web;
      const replacement = resolve(web, basename(module));
      return isOfHost && existsSync(replacement) ? { path: replacement } : undefined;
    });
  },
};
