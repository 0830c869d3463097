import { z } from 'zod';

/** What training on a native TensorFlow found. An installation keeps it in this file, for the extension to read. */
export const NATIVE_REPORT_FILE = 'report.json';

export const nativeReport = z.object({
  /** Version of the package. */
  tfjsNode: z.string(),
  /** Version of the library beneath it. */
  tensorflow: z.string(),
  /** "CPU, 2 threads", or the GPU's name. */
  device: z.string(),
});

export type NativeReport = z.output<typeof nativeReport>;
