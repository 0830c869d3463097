import * as tf from '@tensorflow/tfjs';
import packageJson from '../../package.json' with { type: 'json' };

/** What a run was made with, for its record. */
export function versions(): Record<string, string> {
  return { 'sequence-lab': packageJson.version, tensorflowjs: tf.version['tfjs-core'], node: process.versions.node };
}
