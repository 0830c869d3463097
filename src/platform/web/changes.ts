import { type Channel, scope } from './browser.ts';

/** Changes of the storage, which a browser does not report to the other pages and workers of the origin. */
export interface StorageChange {
  /** Paths of files and folders that were created or replaced. */
  readonly written: readonly string[];
  /** Paths of files and folders that are gone. */
  readonly removed: readonly string[];
}

let opened: Channel | undefined;

/** Its messages reach all other contexts of the origin, and not this one. */
function channel(): Channel {
  opened ??= new scope.BroadcastChannel('sequence-lab storage');
  return opened;
}

/** Tells the other contexts what this one has changed. */
export function announce(change: StorageChange): void {
  channel().postMessage(change);
}

/** Calls a listener for each change of another context. @returns function that ends it */
export function onStorageChange(listener: (change: StorageChange) => void): () => void {
  const receive = ({ data }: { readonly data: unknown }) => listener(data as StorageChange);
  channel().addEventListener('message', receive);
  return () => channel().removeEventListener('message', receive);
}
