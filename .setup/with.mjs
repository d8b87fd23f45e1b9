#!/usr/bin/env node
// Runs a command on Node 24 with everything it needs, after fetching what is missing:
//   node .setup/with.mjs [stack] -- command…
// `stack` adds the real servers and the browser. This file and its neighbours are plain JavaScript
// without packages, because they run on whatever Node is there before anything is installed.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CannotSetUp } from './cannot-set-up.mjs';
import { environmentFor, usage, readArguments } from './command.mjs';
import { installK6 } from './k6.mjs';
import { findNode, requireNode } from './node.mjs';
import { installPackages } from './packages.mjs';
import { run } from './run.mjs';
import { installStack } from './stack.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
/** @param {string} text */
const say = (text) => process.stderr.write(`${text}\n`);

try {
  const wanted = readArguments(process.argv.slice(2));
  if (wanted === undefined) throw new CannotSetUp(usage);
  const nodeFolder = findNode(root, say);
  const environment = environmentFor(nodeFolder, join(root, 'node_modules/.bin'), process.env);
  requireNode(environment);
  await installPackages(root, environment, say);
  if (wanted.needs.includes('stack')) {
    await installStack(root, environment, say);
    await installK6(root, environment, say);
  }
  process.exitCode = await run(wanted.command, environment);
} catch (error) {
  if (!(error instanceof CannotSetUp)) throw error;
  say(error.message);
  process.exitCode = 2;
}
