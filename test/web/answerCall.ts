const scope = globalThis as unknown as {
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
