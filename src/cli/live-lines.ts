import { visible } from '../report/visible.ts';
import type { Io } from './io.ts';
import { cut } from './style.ts';

/** What goes on now, drawn again and again under the lines that stay. */
export interface LiveLines {
  start(id: string, says: string): void;
  /** Says something else of what goes on. */
  say(id: string, says: string): void;
  finish(id: string): void;
  /** A line that stays. */
  print(line: string): void;
  /** Leaves the terminal as it was found. */
  end(): void;
}

const spinner = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const frameMs = 100;
/** Lines that leave the screen at its top cannot be taken back. */
const mostShown = 12;

export function liveLines(to: Io['stdout'], columns: number, idWidth: number): LiveLines {
  const running = new Map<string, { readonly sinceMs: number; says: string }>();
  let shown = 0;
  let frame = 0;

  const erase = (): void => {
    if (shown > 0) to.write(`\u001B[${String(shown)}A\u001B[0J`);
    shown = 0;
  };
  const line = (text: string): void => {
    to.write(cut(text, columns - 1) + '\n');
    shown += 1;
  };
  const draw = (): void => {
    const nowMs = performance.now();
    for (const [id, { sinceMs, says }] of [...running].slice(0, mostShown)) {
      const seconds = `${String(Math.floor((nowMs - sinceMs) / 1000))} s`.padEnd(12);
      line(`${spinner[frame % spinner.length] ?? ''} ${visible(id).padEnd(idWidth)}  ${seconds}  ${visible(says)}`);
    }
    if (running.size > mostShown) line(`  and ${String(running.size - mostShown)} more`);
  };
  const timer = setInterval(() => {
    frame += 1;
    erase();
    draw();
  }, frameMs);
  // The display must never be what keeps the process alive.
  timer.unref();

  return {
    start: (id, says) => void running.set(id, { sinceMs: performance.now(), says }),
    say: (id, says) => {
      const known = running.get(id);
      if (known !== undefined) known.says = says;
    },
    finish: (id) => void running.delete(id),
    print: (text) => {
      erase();
      to.write(text + '\n');
      draw();
    },
    end: () => {
      clearInterval(timer);
      erase();
    },
  };
}
