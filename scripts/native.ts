/** `npm run native` makes `@tensorflow/tfjs-node` loadable in node_modules and verifies it with training steps. */
import { main } from './lib/main.ts';
import { ensureTensorflow } from './lib/tensorflow.ts';

await main(async () => {
  const version = await ensureTensorflow();
  console.log(`Native TensorFlow is ready: @tensorflow/tfjs-node runs on TensorFlow ${version}.`);
});
