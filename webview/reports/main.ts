import { openPage } from '../openPage.ts';
import { ReportView } from './reportView.ts';

openPage((root, api) => new ReportView(root, api));
