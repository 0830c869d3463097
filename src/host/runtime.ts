/** True in the extension host of a browser, which has no Node, no processes and no files of the computer. */
export const inBrowser: boolean = false;
