/** Native TensorFlow could not be installed, loaded or removed; the message says why, and what to do. */
export class NativeError extends Error {
  override readonly name = 'NativeError';
}
