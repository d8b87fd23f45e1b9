import type { CheckEvent } from '../app/check-once.ts';
import type { Check } from '../check/check.ts';
import { visible } from '../report/visible.ts';
import type { Io } from './io.ts';
import { liveLines } from './live-lines.ts';
import { showResult } from './show-results.ts';

/** Shows checks while they run. */
export interface CheckProgress {
  tell(event: CheckEvent): void;
  /** Leaves the terminal as it was found; called once, also after Ctrl-C. */
  end(): void;
}

/** Live lines in a terminal, one line for each result everywhere else. */
export function showCheckProgress(checks: readonly Check[], io: Io, to: Io['stdout']): CheckProgress {
  const nameWidth = Math.max(...checks.map(({ name }) => visible(name).length));
  if (io.columns === undefined) {
    return {
      tell: (event) => {
        if (event.type === 'finished') to.write(`${showResult(event.result, nameWidth, io)}\n`);
      },
      end: () => undefined,
    };
  }
  const lines = liveLines(to, io.columns, nameWidth);
  return {
    tell: ({ type, check, ...event }) => {
      if (type === 'started') lines.start(check.name, check.statement);
      if (!('result' in event)) return;
      lines.finish(check.name);
      lines.print(showResult(event.result, nameWidth, io));
    },
    end: () => lines.end(),
  };
}
