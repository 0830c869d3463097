/**
 * What native TensorFlow reads from the environment of its process. It must be there before the thread
 * starts: what a worker thread sets does not reach native code.
 */
export function nativeEnvironment(threads: number): Record<string, string> {
  return {
    // Warnings and errors only: what is left explains a death.
    TF_CPP_MIN_LOG_LEVEL: '1',
    TF_FORCE_GPU_ALLOW_GROWTH: 'true',
    ...(threads > 0 && { TF_NUM_INTRAOP_THREADS: String(threads) }),
  };
}
