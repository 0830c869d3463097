import { dirname, join } from 'node:path';
import * as z from 'zod';
import { disk } from '../platform/files.ts';

/** The choice of `auto` for one shape on this machine. */
const choiceSchema = z.object({
  backend: z.string(),
  threads: z.int().positive(),
  /** Milliseconds of one training step on each backend and number of threads that was timed. */
  milliseconds: z.record(z.string(), z.number()),
});
const cacheSchema = z.record(z.string(), choiceSchema);

export type BackendChoice = z.output<typeof choiceSchema>;

/** `backends.json` in the shared folder: choices by machine and shape, so that each is timed once. */
export class ChoiceCache {
  readonly #path: string;

  constructor(home: string) {
    this.#path = join(home, 'backends.json');
  }

  async get(key: string): Promise<BackendChoice | undefined> {
    return (await this.#read())[key];
  }

  async set(key: string, choice: BackendChoice): Promise<void> {
    const choices = { ...(await this.#read()), [key]: choice };
    await disk.makeFolder(dirname(this.#path));
    await disk.write(this.#path, `${JSON.stringify(choices, undefined, 2)}\n`);
  }

  /** An unreadable cache counts as empty: the next choice replaces it. */
  async #read(): Promise<Record<string, BackendChoice>> {
    try {
      return cacheSchema.parse(JSON.parse(await disk.readText(this.#path)));
    } catch {
      return {};
    }
  }
}
