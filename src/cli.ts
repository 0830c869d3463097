#!/usr/bin/env node
import { storeCompiledCode } from './platform/codeCache.ts';
import { codeCacheFolder, labHome } from './runs/home.ts';

/** Entry of the command line. Only code that is imported later is stored: this file imports little. */
storeCompiledCode(codeCacheFolder(labHome()));
await import('./cli/program.ts');
