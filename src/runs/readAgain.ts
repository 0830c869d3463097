/** Reads once more if the disk reports an error (`EIO`), which may pass, as in network folders. */
export async function readAgain<Content>(read: () => Promise<Content>): Promise<Content> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EIO')) throw error;
    return read();
  }
}
