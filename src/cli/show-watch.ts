import type { WatchEvent, WatchSummary } from '../app/watch/event.ts';
import { formatDuration } from '../base/duration.ts';
import { visible } from '../report/visible.ts';
import type { Io } from './io.ts';
import { showFaults } from './show-fault.ts';
import { paint } from './style.ts';

/** What people are told of it, in one line; undefined for what stands in the metrics alone. */
export function watchLine(event: WatchEvent, { color, columns = 80 }: Pick<Io, 'color' | 'columns'>): string | undefined {
  const bad = (text: string): string => paint(color, 'red', `✗ ${visible(text)}`);
  const odd = (text: string): string => paint(color, 'yellow', `? ${visible(text)}`);
  const good = (text: string): string => paint(color, 'green', `✓ ${visible(text)}`);
  switch (event.type) {
    case 'result':
    case 'missed':
    case 'removed':
      return undefined;
    case 'failed': {
      const { name, runbook } = event.check;
      return bad(`${name} is failing: ${event.result.reasons.join('; ')}${runbook === undefined ? '' : ` → ${runbook}`}`);
    }
    case 'recovered':
      return good(`${event.check.name} has recovered`);
    case 'untold':
      return odd(`${event.check.name} cannot be told: ${event.result.reasons.join('; ')}`);
    case 'told-again':
      return good(`${event.check.name} can be told again`);
    case 'threw':
      return bad(`a bug in liveproof ended a run of ${event.check}: ${wordsOf(event.error)}`);
    case 'abandoned':
      return odd(`a run of ${event.id} does not end although it was stopped; nothing waits for it any more`);
    case 'clock-jumped':
      return odd(`the clock was set ${event.byMs < 0 ? 'back' : 'forward'} by ${formatDuration(Math.abs(event.byMs))}`);
    case 'suspended':
      return odd(`the machine slept for ${formatDuration(event.forMs)}`);
    case 'held-up':
      return odd(`this process was held up for ${formatDuration(event.forMs)}`);
    case 'not-opened':
      return odd(`${event.part} could not be opened: ${event.because}`);
    case 'not-closed':
      return odd(`${event.part} was not closed: ${event.because}`);
    case 'store-failing':
      return bad(`results cannot be stored and are held in memory: ${event.because}`);
    case 'store-well-again':
      return good(`results are stored again; ${String(event.waiting)} wait`);
    case 'dropped':
      return bad(`${event.results === 1 ? '1 result is' : `${String(event.results)} results are`} lost: the store could not be written`);
    case 'machine':
      if (event.troubles.length === 0) return good('this machine is well again');
      return odd(
        `trouble with this machine, so failures that it explains are errors: ${event.troubles.map(({ says }) => says).join('; ')}`,
      );
    case 'evidence-failed':
      return odd(`evidence of a failure was not kept: ${event.because}`);
    case 'retention-failed':
      return odd(`old results were not taken away: ${event.because}`);
    case 'otlp-failed':
      return odd(event.because);
    case 'otlp-well-again':
      return good('the metrics are taken again');
    case 'reloaded':
      return reloaded(event.checks, event.needsRestart);
    case 'refused':
      return `${odd('the project was not loaded again, the old one is kept:')}\n${showFaults(event.faults, { color, width: columns })}`;
    case 'without-interval':
      return odd(`these checks have no interval and are not run here: ${event.checks.join(', ')}`);
    case 'summary':
      return summary(event.summary);
  }
}

function reloaded(checks: number, needsRestart: readonly string[]): string {
  const rest = needsRestart.length === 0 ? '' : `; a restart is needed for ${needsRestart.join(', ')}`;
  return `the project was loaded again: ${checks === 1 ? '1 check' : `${String(checks)} checks`}${rest}`;
}

function summary({ well, failing, unknown, passed, failed, errored, missed, waitingResults }: WatchSummary): string {
  const now = `${String(well)} well, ${String(failing)} failing, ${String(unknown)} unknown`;
  // The newest results are always on their way; that those from before the last summary are still is news.
  const isBehind = waitingResults > passed + failed + errored;
  const runs = `${String(passed)} passed, ${String(failed)} failed, ${String(errored)} could not be told, ${String(missed)} missed`;
  return `now ${now}; runs since last told: ${runs}${isBehind ? `; ${String(waitingResults)} results wait to be stored` : ''}`;
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
