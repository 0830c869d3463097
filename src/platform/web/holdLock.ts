import { browser } from './browser.ts';

/** Acquires a Web Lock that this context holds until it ends. @param name of no other lock */
export async function holdLock(name: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    browser()
      .locks.request(name, async () => {
        resolve();
        await new Promise(() => undefined);
      })
      .catch(reject);
  });
}
