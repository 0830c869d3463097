import { testFiles } from '../../scripts/lib/testFiles.ts';

/** Folders of `test/unit` that also run in Chromium. */
const FOLDERS = [
  ...['catalog', 'config', 'data', 'export', 'format', 'interop', 'judgment', 'kernels', 'layers', 'lessons', 'models'],
  ...['phrases', 'probes', 'protocol', 'random', 'runs', 'sentiment', 'sweeps', 'training', 'zip'],
];

/** Files of these folders that test with what only Node has, by reason. */
const ONLY_IN_NODE: Readonly<Record<string, readonly string[]>> = {
  'starts programs, threads or servers of Node': [
    'data/documents/corpora',
    'export/npz',
    'export/reproduction',
    'export/tensorboard',
    'export/writeTable',
    'interop/tfjsFiles',
    'kernels/wasm/threads',
    'phrases/causes',
    'protocol/rpc',
    'runs/lock',
    'runs/logged',
    'runs/store',
    'training/classifierTrainer',
  ],
  'compares with zlib or crypto of Node': [
    'data/packed/hostile',
    'data/packed/zstd',
    'data/textReader',
    'export/pageDocument',
    'format/apng',
    'runs/difference',
    'sentiment/bundled',
  ],
  'makes its data with a Buffer': [
    'data/packed/beginning',
    'data/partTable',
    'data/textEncoding',
    'data/tokenizers/characterMap',
    'format/csv',
    'interop/hostile',
    'interop/keras',
    'interop/onnx',
    'interop/torchRecognition',
    'sentiment/modelFile',
    'sweeps/planFile',
    'zip/zip',
  ],
  'uses links, times or lists of whole trees of files, which the platform does not have': [
    'data/labeled/textFolder',
    'runs/archive/archive',
    'runs/indexFile',
    'runs/runIndex',
    'runs/trash',
    'sweeps/runSweep',
  ],
  'lets the product read files of the clone': [
    'config/samples',
    'data/cases/cases',
    'data/documentedFormats',
    'data/tagged/formats',
    'protocol/samples',
  ],
};

/** The unit tests that also run in Chromium. @throws Error if a file that is left out does not exist */
export function webUnitFiles(): string[] {
  const all = FOLDERS.flatMap((folder) => testFiles(`test/unit/${folder}/**/*.test.ts`));
  const left = new Set(
    Object.values(ONLY_IN_NODE)
      .flat()
      .map((name) => `test/unit/${name}.test.ts`),
  );
  const unknown = [...left].filter((file) => !all.includes(file));
  if (unknown.length > 0) throw new Error(`There is no ${unknown.join(', ')}.`);
  return all.filter((file) => !left.has(file));
}
