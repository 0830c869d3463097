import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { run } from './run.ts';
import { ensurePython } from './python.ts';
import { ensureTorch } from './torch.ts';
