/**
 * Environment variables of native TensorFlow. They must be set before the thread starts: variables that a worker thread
 * sets do not reach native code.
 */
export function nativeEnvironment(threads: number): Record<string, string> {
  return {
    // Warnings and errors only: the last lines explain why a process ended.
    TF_CPP_MIN_LOG_LEVEL: '1',
    TF_FORCE_GPU_ALLOW_GROWTH: 'true',
    ...(threads > 0 && { TF_NUM_INTRAOP_THREADS: String(threads) }),
  };
}
