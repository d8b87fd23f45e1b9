import { ranOutOfTime } from '../base/abortable.ts';
import { Fault } from '../base/fault.ts';
import { printPdf } from '../browser/print-pdf.ts';

/** Long enough for hundreds of items on a busy machine; a report is not kept waiting for longer. */
const withinMs = 60_000;

/** Why a report was not printed: it is complete without. */
export interface NotPrinted {
  readonly says: string;
}

/** Prints a report's page. Whatever keeps it from being printed is told, never thrown: a report must not fail for its looks. */
export async function printReport(html: string, signal: AbortSignal): Promise<Uint8Array | NotPrinted> {
  const limit = AbortSignal.timeout(withinMs);
  try {
    return await printPdf(html, AbortSignal.any([signal, limit]));
  } catch (error) {
    if (error instanceof Fault) return { says: error.hint === undefined ? error.message : `${error.message} (${error.hint})` };
    if (ranOutOfTime(limit)) return { says: `Chromium did not print it within ${String(withinMs / 1000)} s` };
    if (signal.aborted) return { says: 'the run was stopped' };
    throw error;
  }
}
