/** True if `url` answers anything at all within `milliseconds`. */
export async function isReachable(url: string, milliseconds = 5000): Promise<boolean> {
  try {
    await fetch(url, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(milliseconds) });
    return true;
  } catch {
    return false;
  }
}
