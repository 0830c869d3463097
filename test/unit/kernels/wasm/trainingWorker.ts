/** A thread that trains a small model on the kernels and posts its losses. */
import { parentPort, workerData } from 'node:worker_threads';
import { wasmBackend } from '../../../../src/backends/wasm.ts';
import { modelSchema } from '../../../../src/config/schema.ts';
import { StreamBatcher } from '../../../../src/data/streamBatcher.ts';
import { TokenSequence } from '../../../../src/data/tokenSequence.ts';
import { LanguageModel } from '../../../../src/models/languageModel.ts';
import { Generator } from '../../../../src/random/generator.ts';
import { LanguageModelTrainer } from '../../../../src/training/languageModelTrainer.ts';

const { T, B, H, V, steps, threads, wideSimd } = workerData as Record<'T' | 'B' | 'H' | 'V' | 'steps' | 'threads', number> & { wideSimd: boolean };
await wasmBackend.load({ home: '', tensorflowPath: '', threads, wideSimd });
const config = modelSchema.parse({ layers: 2, units: H, embedding: 9 });
const model = new LanguageModel({ ...config, vocabularySize: V });
model.initialize(Generator.forPurpose(1, 'test'), config);
const text = TokenSequence.of(Array.from({ length: T * B * 3 + 1 }, (_, place) => (place * place) % V));
const trainer = new LanguageModelTrainer(model, new StreamBatcher(text, { timeSteps: T, batchSize: B }));
const losses: number[] = [];
for (let step = 0; step < steps; step++) losses.push((await trainer.step(0.01, { clipNorm: 1, clipValue: 0 })).loss);
parentPort?.postMessage(losses);
