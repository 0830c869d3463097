/** Number of bytes at the start of a file that decide whether it is text; git uses the same number. */
export const HEAD_BYTES = 8000;

/**
 * Maximum fraction of invalid characters. Files with more are treated as binary or as text in another encoding. Random
 * bytes have about one half, Cyrillic in a one-byte encoding even more; French in Latin-1 has about 4 % and is still
 * useful for training.
 */
export const MAX_INVALID_SHARE = 0.1;
