/** Replaces, in the bundles for Node.js, modules that TensorFlow.js imports but does not use (see esbuild.mjs). */
export const version_webgl = 'not bundled';
