import { z } from 'zod';

/** Result of a test training on native TensorFlow. An installation stores it in this file for the extension. */
export const NATIVE_REPORT_FILE = 'report.json';

export const nativeReport = z.object({
  /** Version of the package. */
  tfjsNode: z.string(),
  /** Version of the TensorFlow library. */
  tensorflow: z.string(),
  /** "CPU, 2 threads", or the GPU's name. */
  device: z.string(),
});

export type NativeReport = z.output<typeof nativeReport>;
