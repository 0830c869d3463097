export { pathOf as fileURLToPath, urlOf as pathToFileURL } from '../../../src/platform/web/system.ts';
