import { openPage } from '../openPage.ts';
import { DataView } from './dataView.ts';

openPage((root, api) => new DataView(root, api));
