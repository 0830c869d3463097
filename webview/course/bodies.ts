import type { LessonId } from '../../src/protocol/lessons/lessons.ts';
import { BagOfWordsBody } from './bodies/bagOfWords.ts';
import { CellsBody } from './bodies/cells.ts';
import { ClippingBody } from './bodies/clipping.ts';
import { ConstructionBody } from './bodies/construction.ts';
import { HmmBody } from './hmm/hmmBody.ts';
import { LayerBody } from './bodies/layer.ts';
import { OrderBody } from './bodies/order.ts';
import { PaddingBody } from './bodies/padding.ts';
import { PipelineBody } from './bodies/pipeline.ts';
import { TruncationBody } from './bodies/truncation.ts';
import { RecurrenceBody } from './bodies/recurrence.ts';
import { ShapesBody } from './bodies/shapes.ts';
import type { MakeBody } from './lessonBody.ts';

/** The body of each lesson. */
export const bodies: Readonly<Record<LessonId, MakeBody>> = {
  bagOfWords: (context) => new BagOfWordsBody(context),
  hmm: (context) => new HmmBody(context),
  padding: (context) => new PaddingBody(context),
  order: (context) => new OrderBody(context),
  recurrence: (context) => new RecurrenceBody(context),
  shapes: (context) => new ShapesBody(context),
  construction: (context) => new ConstructionBody(context),
  clipping: (context) => new ClippingBody(context),
  truncation: (context) => new TruncationBody(context),
  cells: (context) => new CellsBody(context),
  pipeline: (context) => new PipelineBody(context),
  layer: (context) => new LayerBody(context),
};
