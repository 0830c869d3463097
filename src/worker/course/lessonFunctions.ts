import { wasmBackend } from '../../backends/wasm.ts';
import type { Functions } from '../../protocol/rpc.ts';
import type { hmmLessonContract } from '../../protocol/lessons/hmm.ts';
import type { constructionLessonContract } from '../../protocol/lessons/construction.ts';
import type { paddingLessonContract } from '../../protocol/lessons/padding.ts';
import type { textLessonContract } from '../../protocol/lessons/texts.ts';
import type { untrainedContract } from '../../protocol/lessons/untrained.ts';
import { workBagOfWords } from './bagOfWords.ts';
import { constructFlow } from '../../probes/constructedFlow.ts';
import { estimateHmm, inferHmm } from './hmm.ts';
import { workOrder } from './order.ts';
import { workPadding } from './padding.ts';
import { workPipeline } from './pipeline.ts';
import { probeUntrainedModel } from './untrained.ts';

async function loadBackend(): Promise<void> {
  await wasmBackend.load({ home: '', tensorflowPath: '', threads: 1 });
}

/** The lessons of the view "Course" that a trainer computes. */
export const lessonFunctions: Functions<
  typeof textLessonContract &
    typeof hmmLessonContract &
    typeof paddingLessonContract &
    typeof constructionLessonContract &
    typeof untrainedContract
> = {
  workBagOfWords,
  workPadding,
  workConstruction: constructFlow,
  inferHmm,
  estimateHmm,
  workPipeline,
  workOrder: async (request) => {
    await loadBackend();
    return workOrder(request);
  },
  probeUntrainedModel: async (config) => {
    await loadBackend();
    return probeUntrainedModel(config);
  },
};
