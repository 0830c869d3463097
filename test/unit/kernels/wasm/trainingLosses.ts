import { wasmBackend } from '../../../../src/backends/wasm.ts';
import { type ModelConfig, modelSchema } from '../../../../src/config/schema.ts';
import { StreamBatcher } from '../../../../src/data/streamBatcher.ts';
import { TokenSequence } from '../../../../src/data/tokenSequence.ts';
import { WasmRuntime } from '../../../../src/kernels/wasm/runtime.ts';
import { LanguageModel } from '../../../../src/models/languageModel.ts';
import { Generator } from '../../../../src/random/generator.ts';
import { LanguageModelTrainer } from '../../../../src/training/languageModelTrainer.ts';

export interface TrainingTask {
  readonly model: Partial<ModelConfig>;
  readonly timeSteps: number;
  readonly batchSize: number;
  readonly vocabularySize: number;
  readonly steps: number;
  readonly threads: number;
  readonly wideSimd: boolean;
}

/** Losses of a short training of a small model on the WebAssembly kernels. */
export async function trainingLosses({
  model: fields,
  timeSteps,
  batchSize,
  vocabularySize,
  steps,
  threads,
  wideSimd,
}: TrainingTask): Promise<number[]> {
  // Every job uses all threads, even for little work.
  WasmRuntime.prototype.threadsFor = () => threads;
  await wasmBackend.load({ home: '', tensorflowPath: '', threads, wideSimd });
  const config = modelSchema.parse(fields);
  const model = new LanguageModel({ ...config, vocabularySize });
  model.initialize(Generator.forPurpose(1, 'test'), config);
  const text = TokenSequence.of(
    Array.from({ length: timeSteps * batchSize * 3 + 1 }, (_, place) => (place * place) % vocabularySize),
  );
  const trainer = new LanguageModelTrainer(model, new StreamBatcher(text, { timeSteps, batchSize }));
  const losses: number[] = [];
  for (let step = 0; step < steps; step++) losses.push((await trainer.step(0.01, { clipNorm: 1, clipValue: 0 })).loss);
  return losses;
}
