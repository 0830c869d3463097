/** `npm run torch` prints the path of a Python with PyTorch for CPU, which computes the fixtures of the tests. */
import { ensureTorch } from './lib/torch.ts';
import { main } from './lib/main.ts';

await main(async () => console.log(await ensureTorch()));
