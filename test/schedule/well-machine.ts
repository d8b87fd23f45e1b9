import type { MachineObservation } from '../../src/schedule/machine.ts';

const mebibyte = 1024 * 1024;

/** Facts of a machine on which all is as it should be. */
export const wellMachine: MachineObservation = {
  fromMs: 10_000,
  toMs: 11_000,
  lostMs: 21,
  sleptMs: 0,
  cpu: { waiting: 0.1, loadPerCore: 0.5 },
  disks: [{ holds: 'the store', freeBytes: 900 * mebibyte, totalBytes: 10_000 * mebibyte, freeFiles: 0.9 }],
  files: { open: 40, limit: 1_024 },
  network: { routes: 2, answered: 3, unanswered: 0, references: [] },
};
