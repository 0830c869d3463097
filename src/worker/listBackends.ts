import type { BackendEnvironment } from '../backends/backend.ts';
import { backends } from '../backends/registry.ts';
import type { BackendReport } from '../protocol/trainer.ts';
import { textOf } from '../phrases/causes.ts';

/** Tries to load every backend, one after another, and reports the result. The last one that loads stays set. */
export async function listBackends(environment: BackendEnvironment): Promise<BackendReport[]> {
  const reports: BackendReport[] = [];
  for (const backend of backends) {
    try {
      const { name, device, threads, version } = await backend.load(environment);
      reports.push({ name, loads: true, device, threads, version });
    } catch (error) {
      reports.push({
        name: backend.name,
        loads: false,
        reason: textOf(error),
      });
    }
  }
  return reports;
}
