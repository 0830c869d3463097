/**
 * `npm run build [-- --production] [-- --watch]` writes dist/: the compute kernels (WebAssembly), the extension and its
 * services, which it loads when they are needed (CommonJS, read by the extension host), the programs that run on plain
 * Node (the trainer and the command line, ES modules that share their chunks, so that TensorFlow.js is included once),
 * the trainer of a browser,
 * the pages that run in webviews, and the licenses and the bill of materials of the packages in them (`--dawn`: also of
 * Dawn, which is added afterwards).
 */
import { context } from 'esbuild';
import { chmod, copyFile, rm } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { buildKernels } from './scripts/kernels/build.ts';
import { webExtensionOptions } from './scripts/lib/hostWeb.ts';
import { exportedPageOptions, pageOptions } from './scripts/lib/pageOptions.ts';
import { writeThirdParty } from './scripts/lib/thirdParty.ts';
import { livePageOptions, webWorkerOptions } from './scripts/lib/webPlatform.ts';

const root = import.meta.dirname;
const production = process.argv.includes('--production');
const watch = process.argv.includes('--watch');
const dawn = process.argv.includes('--dawn');

const common = {
  absWorkingDir: root,
  bundle: true,
  outdir: 'dist',
  minify: production,
  sourcemap: production ? false : 'linked',
  metafile: true,
  logLevel: 'info',
};

/** Packages whose code is not bundled by esbuild: the standard library of the compute kernels, and Dawn. */
const others = ['assemblyscript', ...(dawn ? ['webgpu'] : [])];

/** Packages that Node does not need, because it has no WebGL and has fetch built in; they are half of the bundle. */
const unused = resolve(root, 'scripts/lib/unused.mjs');
const lighterTensorflow = { '@tensorflow/tfjs-backend-webgl': unused, 'node-fetch': unused };

/** Leaves the services of the extension in their own bundle, so that activation does not parse them. */
const separateLab = {
  name: 'separate lab',
  setup(build) {
    build.onResolve({ filter: /^\.\/host\/lab\.ts$/ }, () => ({ path: './lab.cjs', external: true }));
  },
};

const builds = [
  {
    ...common,
    entryPoints: { extension: 'src/extension.ts', lab: 'src/host/lab.ts' },
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    outExtension: { '.js': '.cjs' },
    external: ['vscode'],
    plugins: [separateLab],
    // The extension host provides `vscode` to require() in every version of VS Code.
    supported: { 'dynamic-import': false },
  },
  {
    ...common,
    entryPoints: { 'web/extension': 'src/extension.ts' },
    ...webExtensionOptions,
  },
  {
    ...common,
    entryPoints: {
      cli: 'src/cli.ts',
      trainer: 'src/worker/worker.ts',
      trainerProcess: 'src/worker/process.ts',
      wasmThread: 'src/kernels/wasm/thread.ts',
      nativeCheck: 'src/native/check.ts',
    },
    platform: 'node',
    target: 'node20',
    format: 'esm',
    splitting: true,
    // Next to the entry points, so that a chunk finds trainer.js where the unbundled module finds worker.ts.
    chunkNames: 'chunk-[hash]',
    mainFields: ['module', 'main'],
    alias: lighterTensorflow,
    // CommonJS packages inside an ES module still call require() for Node's built-in modules.
    banner: {
      js: "import { createRequire as bundleRequire } from 'node:module'; const require = bundleRequire(import.meta.url);",
    },
  },
  {
    ...common,
    entryPoints: {
      'webview/panel': 'webview/panel/main.ts',
      'webview/gradients': 'webview/gradients/main.ts',
      'webview/data': 'webview/data/main.ts',
      'webview/course': 'webview/course/main.ts',
      'webview/form': 'webview/form/main.ts',
      'webview/sweep': 'webview/sweep/main.ts',
      'webview/runs': 'webview/runs/main.ts',
      'webview/report': 'webview/reports/main.ts',
    },
    ...pageOptions,
    // The pages share most of their code.
    format: 'esm',
    splitting: true,
    chunkNames: 'webview/chunk-[hash]',
  },
  {
    ...common,
    entryPoints: {
      'exported/page': 'webview/exported/main.ts',
      'exported/report': 'webview/reports/exported.ts',
      'exported/agent': 'webview/agents/main.ts',
    },
    ...exportedPageOptions,
  },
  { ...common, entryPoints: { 'web/trainer': 'src/worker/webWorker.ts' }, ...webWorkerOptions },
  { ...common, entryPoints: { 'exported/live': 'src/live/main.ts' }, ...livePageOptions },
  {
    ...common,
    entryPoints: {
      'exported/page': 'webview/exported/exported.css',
      'exported/report': 'webview/reports/exported.css',
      'exported/agent': 'webview/agents/agents.css',
    },
    ...exportedPageOptions,
    target: 'chrome128',
  },
  {
    ...common,
    entryPoints: {
      'webview/panel': 'webview/panel/panel.css',
      'webview/gradients': 'webview/gradients/gradients.css',
      'webview/data': 'webview/data/data.css',
      'webview/course': 'webview/course/course.css',
      'webview/form': 'webview/form/form.css',
      'webview/sweep': 'webview/sweep/sweep.css',
      'webview/runs': 'webview/runs/runs.css',
      'webview/report': 'webview/reports/reports.css',
    },
    platform: 'browser',
    target: 'chrome128',
  },
];

function report(outputs) {
  const sizes = Object.entries(outputs).filter(([path]) => !path.endsWith('.map'));
  for (const [path, { bytes }] of sizes.sort()) {
    console.log(`${(bytes / 1024).toFixed(0).padStart(8)} KB  ${relative(root, resolve(root, path))}`);
  }
}

await rm(resolve(root, 'dist'), { recursive: true, force: true });
await buildKernels(resolve(root, 'dist'));
await copyFile(resolve(root, 'src/cli/bench/torchSteps.py'), resolve(root, 'dist/torchSteps.py'));
const contexts = await Promise.all(builds.map((options) => context(options)));
if (watch) {
  await Promise.all(contexts.map((each) => each.watch()));
} else {
  const results = await Promise.all(contexts.map((each) => each.rebuild()));
  await Promise.all(contexts.map((each) => each.dispose()));
  await chmod(resolve(root, 'dist/cli.js'), 0o755);
  await writeThirdParty(
    resolve(root, 'dist'),
    results.map(({ metafile }) => metafile),
    others,
  );
  report(Object.assign({}, ...results.map(({ metafile }) => metafile.outputs)));
}
