import { mountProduct, type ProductFiles } from '../../src/platform/web/product.ts';
import { setWorkerScript } from '../../src/platform/web/threads.ts';

/** The scope of a worker of the tests. */
export const scope = globalThis as unknown as {
  readonly location: { readonly origin: string };
  postMessage(message: unknown): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
};

/** Answers the call of `BrowserWorkers` in its worker. */
export function answerCall<Args>(action: (args: Args) => Promise<unknown>): void {
  scope.addEventListener('message', ({ data }) => {
    void action(data as Args).then(
      (result) => scope.postMessage({ result }),
      (error: unknown) =>
        scope.postMessage({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    );
  });
}

/** Writes a line to the output of the tests. */
export function log(text: string): void {
  scope.postMessage({ log: text });
}

const KERNELS = ['relaxed', 'simd', 'scalar'].map((name) => `dist/kernels-${name}.wasm`);

/** The message after which `trainers/ending.ts` ends. */
export const END = 'end';

/** The address of the built trainer. */
export const trainerScript = `${scope.location.origin}/dist/web/trainer.js`;

/** Files of the product by their paths, as addresses. */
export function served(paths: readonly string[] = KERNELS): ProductFiles {
  return Object.fromEntries(paths.map((path) => [path, `${scope.location.origin}/${path}`]));
}

/** Lets this worker load the kernels and start threads, as a trainer does. */
export function mountKernels(): void {
  setWorkerScript(trainerScript);
  mountProduct(served());
}
