/** Names of the formats of other programs in which a model can leave the product, for the command line and the protocol. */
export const PORTABLE_FORMATS = ['safetensors', 'pytorch', 'keras', 'onnx', 'tfjs'] as const;

export type PortableFormatName = (typeof PORTABLE_FORMATS)[number];

/** Extensions of the files with models of other programs that can be opened. */
export const MODEL_EXTENSIONS = ['safetensors', 'pt', 'pth', 'keras', 'h5', 'onnx', 'json'] as const;
