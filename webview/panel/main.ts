import { openPage } from '../openPage.ts';
import { Panel } from './panel.ts';

openPage((root, api) => new Panel(root, api));
