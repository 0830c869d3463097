import { existsSync } from 'node:fs';
import { basename, dirname, relative, resolve } from 'node:path';
import type { BuildOptions, Plugin } from 'esbuild';
import { webOptions } from './webPlatform.ts';

const host = resolve(import.meta.dirname, '../../src/host');
const web = resolve(host, 'web');

/**
 * Replaces modules of `src/host` that need Node by those of the same name in `src/host/web`, for the extension host of
 * a browser.
 */
const hostWeb: Plugin = {
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

/** Options of esbuild for the extension in the extension host of a browser, which is a worker. */
export const webExtensionOptions = {
  ...webOptions,
  target: 'es2023',
  format: 'cjs',
  // The package is one of ES modules.
  outExtension: { '.js': '.cjs' },
  external: ['vscode'],
  plugins: [hostWeb, ...webOptions.plugins],
  // The extension host provides `vscode` to require(), and has no other modules.
  supported: { 'dynamic-import': false },
} satisfies BuildOptions;
