import '../jitless.ts';
import '../language.ts';
import { ExportedPageView } from './exportedPageView.ts';

const root = document.getElementById('root');
const data = document.getElementById('page-data')?.textContent;
if (root && data) root.append(new ExportedPageView(data).element);
