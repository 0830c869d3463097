/**
 * Variable of a trainer's process: why Dawn does not work in it, in words. Whoever starts the process knows, and says
 * it there, so that the backend webgpu is the only one that cares.
 */
export const DAWN_REFUSED = 'SEQUENCE_LAB_DAWN_REFUSED';
