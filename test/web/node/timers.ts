import { yieldToEventLoop } from '../../../src/platform/web/system.ts';

export async function setImmediate(): Promise<void> {
  await yieldToEventLoop();
}

async function sleep(milliseconds: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
}

export { sleep as setTimeout };
