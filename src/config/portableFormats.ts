/** Names of the formats of other programs in which a model can leave the product, for the command line and the protocol. */
export const PORTABLE_FORMATS = ['safetensors', 'pytorch', 'keras', 'onnx', 'tfjs'] as const;

export type PortableFormatName = (typeof PORTABLE_FORMATS)[number];

/**
 * Extensions of the files with models of other programs that can be opened, by format. The menu of the explorer in
 * `package.json` lists the same, without `json`.
 */
const EXTENSIONS = {
  safetensors: ['safetensors'],
  torch: ['pt', 'pth', 'bin'],
  keras: ['keras', 'h5', 'hdf5'],
  onnx: ['onnx'],
  tfjs: ['json'],
} as const;

export const MODEL_EXTENSIONS: readonly string[] = Object.values(EXTENSIONS).flat();

/** The extensions of models as a list for people. */
export const MODEL_EXTENSION_LIST = MODEL_EXTENSIONS.map((extension) => `.${extension}`).join(', ');

/** Extension of the name of a file; empty without one. */
function extensionOf(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1 || name.length).toLowerCase();
}

/** True if the name of a file has an extension of a format. */
export function hasExtension(name: string, format: keyof typeof EXTENSIONS): boolean {
  const known: readonly string[] = EXTENSIONS[format];
  return known.includes(extensionOf(name));
}

/** File of a LayersModel, whose weights are files next to it. */
const LAYERS_MODEL = 'model.json';

/** True for extensions of models only. Vocabularies are JSON, too, and `.bin` are the weights of a LayersModel. */
function isCertain(name: string): boolean {
  const extension = extensionOf(name);
  return MODEL_EXTENSIONS.includes(extension) && !SHARED.has(extension);
}

const SHARED: ReadonlySet<string> = new Set(['json', 'bin']);

/** Names of the models among the files of a folder. The others, such as vocabularies, belong to them. */
export function modelsAmong(names: readonly string[]): string[] {
  const certain = names.filter(isCertain);
  if (certain.length > 0) return certain;
  return names.includes(LAYERS_MODEL) ? [LAYERS_MODEL] : names.filter((name) => hasExtension(name, 'torch'));
}
