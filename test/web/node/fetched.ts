const CLONE = '/product/';

/** Reads a file of the clone at once; undefined for other files. @throws Error with the code `ENOENT` */
export function fetched(file: string | URL): Uint8Array | undefined {
  const path = String(file).replace(/^file:\/\//, '');
  if (!path.startsWith(CLONE)) return undefined;
  const request = new (globalThis as unknown as { XMLHttpRequest: new () => Request }).XMLHttpRequest();
  request.open('GET', `/${path.slice(CLONE.length)}`, false);
  request.responseType = 'arraybuffer';
  request.send();
  if (request.status !== 200)
    throw Object.assign(new Error(`ENOENT: ${path}`), { code: 'ENOENT', syscall: 'open', path });
  return new Uint8Array(request.response);
}

interface Request {
  responseType: string;
  readonly status: number;
  readonly response: ArrayBuffer;
  open(method: string, url: string, async: boolean): void;
  send(): void;
}
