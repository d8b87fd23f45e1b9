#!/usr/bin/env node
// The command's first step, in plain old JavaScript: a Node that is too old must be able to read this file in order to say so.
import { existsSync } from 'fs';
import module from 'module';
import { dirname, join } from 'path';
import { fileURLToPath, pathToFileURL } from 'url';

const oldest = 24;
const here = dirname(fileURLToPath(import.meta.url));
const found = process.versions.node;

if (parseInt(found, 10) < oldest) {
  console.error(
    'liveproof needs Node ' +
      oldest +
      ' or newer, but this is Node ' +
      found +
      ' (' +
      process.execPath +
      '): install it from https://nodejs.org/en/download',
  );
  process.exitCode = 2;
} else {
  // Some 600 modules are read before a gate's first question; compiled once, they are kept for the next start.
  module.enableCompileCache();
  // A checkout runs its TypeScript as it stands; in the npm package there is only what was built from it.
  const source = join(here, 'main.ts');
  const main = existsSync(source) ? source : join(here, '../../dist/cli/main.js');
  import(pathToFileURL(main).href).catch((error) => {
    console.error(error);
    process.exitCode = 70;
  });
}
