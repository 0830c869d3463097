/** Number of runs of a property test: `SEQUENCE_LAB_SEEDS` for a long run, otherwise the usual number. */
export function seeds(usual: number): { readonly numRuns: number } {
  return { numRuns: Number(process.env['SEQUENCE_LAB_SEEDS'] ?? usual) };
}
