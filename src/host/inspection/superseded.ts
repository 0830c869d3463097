/** True for the error of a request that was superseded by a newer one of the same caller, and can be ignored. */
export function isSuperseded(error: unknown): boolean {
  return error instanceof Error && error.name === 'InspectionSuperseded';
}
