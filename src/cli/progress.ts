import type { Gate } from '../gate/gate.ts';
import type { EffectEvent } from '../gate/journal.ts';
import type { GateEvent, ItemResult } from '../gate/run.ts';
import type { Io } from './io.ts';
import { visible } from '../report/visible.ts';
import { liveLines } from './live-lines.ts';
import { cut, paint, signs } from './style.ts';

/** Shows a run while it goes on. */
export interface Progress {
  tell(event: GateEvent): void;
  /** Leaves the terminal as it was found; called once, also after Ctrl-C. */
  end(): void;
}

/** Live lines in a terminal, plain lines everywhere else. */
export function showProgress(gate: Gate, io: Io, to: Io['stdout']): Progress {
  const idWidth = Math.max(...gate.items.map(({ id }) => id.length));
  return io.columns === undefined ? plainProgress(idWidth, io, to) : liveProgress(idWidth, io, to, io.columns);
}

/** `✓ scrape   on-time     Prometheus scrapes AccuBooks every 15 s`, at most `columns` wide. */
function finishedLine({ item, verdict, carriedFrom }: ItemResult, idWidth: number, color: boolean, columns = Infinity): string {
  const { sign, format } = signs[verdict.state];
  const grade = (verdict.state === 'proven' ? verdict.grade : verdict.state).padEnd(12);
  const carried = carriedFrom === undefined ? '' : ` (proven at ${carriedFrom.slice(11, 19)}, not run again)`;
  const left = columns - `${sign} ${item.id.padEnd(idWidth)}  ${grade}  `.length;
  return `${paint(color, format, sign)} ${item.id.padEnd(idWidth)}  ${paint(color, format, grade)}  ${cut(visible(item.statement) + carried, left)}`;
}

function effectLine(event: EffectEvent, color: boolean): string {
  switch (event.type) {
    case 'effect-made':
      return paint(color, 'gray', `  made    ${visible(event.says)}`);
    case 'effect-undone':
      return paint(color, 'gray', `  undone  ${visible(event.says)}`);
    case 'effect-stuck':
      return paint(
        color,
        'red',
        `! not undone: ${visible(event.says)} (${visible(event.because)}); it ends by itself within ${String(Math.ceil(event.expiresInMs / 1000))} s`,
      );
  }
}

function plainProgress(idWidth: number, io: Io, to: Io['stdout']): Progress {
  const said = new Map<string, string>();
  return {
    tell: (event) => {
      switch (event.type) {
        case 'item-started':
          break;
        case 'item-progress':
          // A log needs to be told once what is being waited for.
          if (said.get(event.item.id) === event.says) break;
          said.set(event.item.id, event.says);
          to.write(`${paint(io.color, 'gray', `  ${event.item.id.padEnd(idWidth)}  ${visible(event.says)}`)}\n`);
          break;
        case 'item-finished':
          to.write(`${finishedLine(event.result, idWidth, io.color)}\n`);
          break;
        case 'effect-made':
        case 'effect-undone':
        case 'effect-stuck':
          to.write(`${effectLine(event, io.color)}\n`);
          break;
      }
    },
    end: () => undefined,
  };
}

function liveProgress(idWidth: number, io: Io, to: Io['stdout'], columns: number): Progress {
  const lines = liveLines(to, columns, idWidth);
  return {
    tell: (event) => {
      switch (event.type) {
        case 'item-started':
          lines.start(event.item.id, event.item.statement);
          break;
        case 'item-progress':
          lines.say(event.item.id, event.says);
          break;
        case 'item-finished':
          lines.finish(event.result.item.id);
          lines.print(finishedLine(event.result, idWidth, io.color, columns));
          break;
        case 'effect-stuck':
          lines.print(effectLine(event, io.color));
          break;
        case 'effect-made':
        case 'effect-undone':
          break;
      }
    },
    end: () => lines.end(),
  };
}
