export function tmpdir(): string {
  return '/tmp';
}
