/** What the platform uses of a browser's worker, whose types are not those of Node. */

/** A handle that reads and writes a file at once. */
export interface AccessHandle {
  read(buffer: Uint8Array, options: { readonly at: number }): number;
  write(buffer: Uint8Array, options: { readonly at: number }): number;
  truncate(size: number): void;
  getSize(): number;
  flush(): void;
  close(): void;
}

export interface FileHandle {
  readonly kind: 'file';
  readonly name: string;
  getFile(): Promise<Blob & { readonly lastModified: number }>;
  /** Only in workers. A file has one such handle at a time, among all contexts of the origin. */
  createSyncAccessHandle(): Promise<AccessHandle>;
  /** Replaces an existing file. Missing in older browsers. */
  move?(folder: FolderHandle, name: string): Promise<void>;
}

export interface FolderHandle {
  readonly kind: 'directory';
  readonly name: string;
  getFileHandle(name: string, options?: { readonly create?: boolean }): Promise<FileHandle>;
  getDirectoryHandle(name: string, options?: { readonly create?: boolean }): Promise<FolderHandle>;
  removeEntry(name: string, options: { readonly recursive: boolean }): Promise<void>;
  values(): AsyncIterable<FileHandle | FolderHandle>;
}

interface Locks {
  request<Result>(name: string, action: () => Promise<Result>): Promise<Result>;
  query(): Promise<{ readonly held: readonly { readonly name?: string }[] }>;
}

interface Navigator {
  readonly userAgent: string;
  readonly hardwareConcurrency?: number;
  /** GiB, rounded; only in Chromium. */
  readonly deviceMemory?: number;
  readonly gpu?: GPU;
  readonly storage: {
    getDirectory(): Promise<FolderHandle>;
    /** Bytes that are used and allowed. */
    estimate(): Promise<{ readonly usage?: number; readonly quota?: number }>;
    persisted(): Promise<boolean>;
  };
  readonly locks: Locks;
}

/** The navigator of the browser. Read at each use, as the tests of Node load this module, too. */
export function browser(): Navigator {
  return globalThis.navigator as unknown as Navigator;
}

/** A worker, as its owner sees it. */
export interface BrowserWorker {
  postMessage(message: unknown): void;
  terminate(): void;
  addEventListener(
    type: 'message' | 'error' | 'messageerror',
    listener: (event: { readonly data?: unknown; readonly message?: string }) => void,
  ): void;
}

/** A channel of messages between all contexts of the origin. */
export interface Channel {
  postMessage(message: unknown): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  removeEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
}

/** The global scope of a dedicated worker. */
export interface WorkerScope {
  readonly location?: { readonly href: string };
  readonly crossOriginIsolated?: boolean;
  readonly BroadcastChannel: new (name: string) => Channel;
  readonly Worker?: new (program: string, options: { readonly name: string }) => BrowserWorker;
  postMessage(message: unknown): void;
  close(): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  removeEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
}

export const scope = globalThis as unknown as WorkerScope;
