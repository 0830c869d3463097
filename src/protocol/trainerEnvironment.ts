/**
 * Environment variable with the reason why WebGPU (Dawn) is unavailable in a trainer process. The process that starts
 * the trainer sets it.
 */
export const DAWN_REFUSED = 'SEQUENCE_LAB_DAWN_REFUSED';
