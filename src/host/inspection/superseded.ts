/** True for the refusal of a question that a newer one of the same reader has overtaken: nobody waits for it. */
export function isSuperseded(error: unknown): boolean {
  return error instanceof Error && error.name === 'InspectionSuperseded';
}
