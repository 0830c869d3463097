import { backendNamed } from '../../backends/registry.ts';
import type { Lesson } from '../../protocol/course.ts';
import type { ReportBlock } from '../../protocol/report.ts';
import type { BackendOptions } from '../../protocol/trainer.ts';
import { orderSteps } from './orderSteps.ts';
import { pipelineSteps } from './pipelineSteps.ts';

/** Computes a lesson of the view "Course". @throws InputError that describes what is wrong with its texts */
export async function workLesson({ kind, texts }: Lesson, backends: BackendOptions): Promise<ReportBlock[]> {
  if (kind === 'pipeline') return pipelineSteps(texts);
  await backendNamed('wasm').load(backends);
  return orderSteps(texts);
}
