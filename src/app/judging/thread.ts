import { flushCompileCache } from 'node:module';
import { parentPort } from 'node:worker_threads';
import { proofs } from '../../proofs/index.ts';
import { shareOf, type Work } from './share.ts';

parentPort?.on('message', (work: Work) => parentPort?.postMessage(shareOf(work, proofs)));
// A thread that is ended when nobody needs it any more would not keep what it has compiled.
flushCompileCache();
