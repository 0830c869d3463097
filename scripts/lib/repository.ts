/** URL of the public repository. To change it, edit this constant and run `npm run generate`. */
export const repository = 'https://github.com/sequence-lab/sequence-lab';
