import js from '@eslint/js';
import tseslint from 'typescript-eslint';
import { translated } from './scripts/lib/translatedRule.ts';

/**
 * Which folders of src/ a folder may import. Imports go one way, so that a number can be followed from the file to the
 * chart, and so that nothing below host/ depends on VS Code. ARCHITECTURE.md shows this table.
 */
export const mayImport = {
  platform: [],
  phrases: [],
  config: ['phrases'],
  format: [],
  protocol: ['phrases', 'config'],
  judgment: ['phrases', 'config', 'format', 'protocol'],
  kernels: ['platform'],
  random: [],
  backends: ['phrases', 'config', 'protocol', 'kernels', 'platform'],
  layers: ['phrases', 'config', 'kernels', 'random'],
  models: ['phrases', 'config', 'layers', 'kernels', 'random'],
  zip: ['phrases', 'format', 'platform'],
  data: ['phrases', 'config', 'format', 'zip', 'random', 'platform'],
  probes: ['phrases', 'config', 'format', 'protocol', 'judgment', 'kernels', 'layers', 'random'],
  catalog: ['phrases', 'config', 'format', 'protocol'],
  runs: ['phrases', 'config', 'format', 'protocol', 'judgment', 'platform'],
  live: ['phrases', 'config', 'protocol', 'worker', 'kernels', 'runs', 'platform'],
  export: ['phrases', 'config', 'format', 'protocol', 'catalog', 'runs', 'platform'],
  training: [
    'phrases',
    'config',
    'format',
    'data',
    'models',
    'layers',
    'judgment',
    'probes',
    'kernels',
    'runs',
    'protocol',
    'random',
    'platform',
  ],
  sentiment: ['phrases', 'config', 'data', 'models', 'layers', 'training', 'random', 'platform'],
  interop: ['phrases', 'config', 'format', 'zip', 'models', 'platform'],
  worker: [
    'phrases',
    'config',
    'format',
    'protocol',
    'training',
    'judgment',
    'probes',
    'models',
    'layers',
    'data',
    'sentiment',
    'runs',
    'export',
    'interop',
    'backends',
    'random',
    'platform',
  ],
  slurm: ['phrases', 'platform'],
  sweeps: ['phrases', 'config', 'format', 'protocol', 'catalog', 'runs', 'random', 'platform'],
  agents: ['phrases', 'config', 'format', 'protocol', 'catalog', 'runs', 'sweeps', 'export', 'platform'],
  native: ['phrases', 'config', 'protocol', 'data', 'models', 'training', 'backends', 'kernels', 'random', 'platform'],
  cli: [
    'phrases',
    'slurm',
    'config',
    'format',
    'protocol',
    'native',
    'probes',
    'worker',
    'sentiment',
    'backends',
    'data',
    'catalog',
    'runs',
    'sweeps',
    'export',
    'agents',
    'platform',
  ],
  host: ['phrases', 'config', 'format', 'protocol', 'catalog', 'runs', 'sweeps', 'export', 'agents', 'platform'],
};

const folders = Object.keys(mayImport);

/**
 * Folders that may use Node's modules. The others access files, threads, processes, hashing and system information
 * through src/platform, so that a build for browsers only replaces that folder. `node:path` is allowed everywhere: it
 * only processes strings, and bundlers replace it with `path-browserify`.
 */
const usesNode = ['platform', 'cli', 'native'];

/**
 * Folders with numerical loops over arrays. Their indices are in range by construction, and `values[i]!` tells the
 * compiler, while a cast would also hide a wrong type.
 */
const numeric = [
  ...[
    'kernels',
    'layers',
    'models',
    'judgment',
    'probes',
    'training',
    'data',
    'sentiment',
    'backends',
    'interop',
    'worker',
  ].map((folder) => `src/${folder}/**/*.ts`),
  'src/platform/web/hashing.ts',
  'scripts/**/*.ts',
  'test/**/*.ts',
];

/** Globals of Node, which a browser does not have. */
const nodeGlobals = ['process', 'Buffer', 'setImmediate', 'global', 'require', '__dirname', '__filename'].map(
  (name) => ({
    name,
    message: 'A browser does not have it: use src/platform, which has another implementation there.',
  }),
);

function arrows(folder) {
  const forbidden = folders.filter((other) => other !== folder && !mayImport[folder].includes(other));
  const patterns = [
    {
      group: forbidden.map((other) => `**/${other}/**`),
      message: `src/${folder} may import only: ${mayImport[folder].join(', ') || 'nothing'}.`,
    },
    ...(usesNode.includes(folder)
      ? []
      : [{ regex: '^node:(?!path$)', message: 'Only src/platform, src/cli and src/native use modules of Node.' }]),
    { group: ['**/webview/**', '**/test/**'], message: 'The product does not import its webview or its tests.' },
  ];
  const paths = folder === 'host' ? [] : [{ name: 'vscode', message: "Only src/host imports 'vscode'." }];
  return {
    files: [`src/${folder}/**/*.ts`],
    rules: { 'no-restricted-imports': ['error', { patterns, paths }] },
  };
}

export default tseslint.config(
  // AssemblyScript has the syntax of TypeScript, but not its types.
  { ignores: ['dist/', 'out/', 'node_modules/', 'media/', 'src/kernels/wasm/assembly/'] },
  js.configs.recommended,
  ...tseslint.configs.strict,
  {
    languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly' } },
    rules: {
      'no-undef': 'off',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
    },
  },
  {
    files: ['src/**/*.ts', 'webview/**/*.ts', 'scripts/**/*.ts', 'test/**/*.ts'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      // A phrase has to be formatted with say() before it is part of a string.
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true, allowNullish: true },
      ],
      '@typescript-eslint/no-base-to-string': ['error', { ignoredTypeNames: ['Buffer', 'Error', 'RegExp', 'URL'] }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
    },
  },
  {
    files: [
      'webview/**/*.ts',
      ...[
        'catalog',
        'config',
        'data',
        'export',
        'host',
        'judgment',
        'probes',
        'protocol',
        'runs',
        'sweeps',
        'training',
        'worker',
      ].map((folder) => `src/${folder}/**/*.ts`),
    ],
    ignores: [
      // Examples, formulas, citations, and details of what is wrong with a file that the product has written.
      'src/data/synthetic/**',
      'src/data/**/*ocabulary.ts',
      'src/protocol/glossary/sources.ts',
      'src/protocol/lessons/texts.ts',
      'webview/math/formulas.ts',
      'webview/course/clipping/snippets.ts',
      // Agents read English.
      'src/host/agents/editorTools.ts',
      // Only the command line shows what is measured.
      'src/worker/bench/**',
    ],
    plugins: { lab: { rules: { translated } } },
    rules: { 'lab/translated': 'error' },
  },
  {
    files: ['src/**/*.ts', 'webview/**/*.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector:
            'MemberExpression[object.name="z"][property.name=/^(core|locales)$/], ImportDeclaration[source.value="zod"] > :not(ImportNamespaceSpecifier)[local]',
          message:
            'As a value, a namespace of Zod would add all of Zod with all its languages to a bundle: use "import * as z from \'zod\'", and no namespace in it.',
        },
      ],
    },
  },
  { files: numeric, rules: { '@typescript-eslint/no-non-null-assertion': 'off' } },
  ...folders.map(arrows),
  {
    files: folders
      .filter((folder) => folder !== 'host' && !usesNode.includes(folder))
      .map((folder) => `src/${folder}/**/*.ts`),
    // The entry of a process.
    ignores: ['src/worker/process.ts'],
    rules: { 'no-restricted-globals': ['error', ...nodeGlobals] },
  },
  {
    files: ['src/platform/web/**/*.ts'],
    rules: {
      'no-restricted-globals': ['error', ...nodeGlobals],
      'no-restricted-imports': [
        'error',
        { patterns: [{ regex: '^node:', message: 'A browser has no modules of Node.' }] },
      ],
    },
  },
  {
    files: ['webview/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: '/src/(?!(protocol|catalog|config|format|phrases)/)',
              message: 'webview/ imports only src/protocol, src/catalog, src/config, src/format and src/phrases.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['test/**/*.ts'],
    rules: { '@typescript-eslint/no-unused-expressions': 'off' },
  },
);
