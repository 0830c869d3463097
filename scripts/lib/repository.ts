/** Address of the public repository. Whoever publishes the extension sets it here and runs `npm run generate`. */
export const repository = 'https://github.com/sequence-lab/sequence-lab';
