import { parentPort } from 'node:worker_threads';
import { shareOf, type Work } from '../../../src/app/judging/share.ts';
import { proofs } from '../../report/sample.ts';

// As our own thread does, with the sample's proof kind.
parentPort?.on('message', (work: Work) => parentPort?.postMessage(shareOf(work, proofs)));
