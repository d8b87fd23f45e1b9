#!/usr/bin/env node
// Stands in for a k6 that does not end: it starts a child as k6 starts a browser, and turns to the server that URL names.
import { spawn } from 'node:child_process';
import { connect } from 'node:net';

const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
const url = new URL(process.env['URL'] ?? '');
connect(Number(url.port), url.hostname)
  .on('error', () => undefined)
  .write(`${process.pid} ${child.pid}\n`);
setInterval(() => undefined, 1000);
