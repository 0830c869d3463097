/** Stands in, in the bundles for Node, for what TensorFlow.js imports and does not use there (see esbuild.mjs). */
export const version_webgl = 'left out';
