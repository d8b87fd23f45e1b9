import type { LeftoverEvent } from '../gate/journal/clean.ts';
import { visible } from '../report/visible.ts';
import { paint } from './style.ts';

/** One line for what became of something that an ended run has left behind. */
export function leftoverLine(event: LeftoverEvent, color: boolean): string {
  const says = visible(event.says);
  switch (event.type) {
    case 'leftover-undone':
      return `  undone  ${says} (left behind at ${event.madeAt} by a run that was ended)`;
    case 'leftover-expired':
      return paint(color, 'gray', `  over    ${says} (left behind, and ended by itself at ${event.expiredAt})`);
    case 'leftover-stuck':
      return paint(color, 'red', `! left behind and not undone: ${says} (${visible(event.because)}); it ends by itself at ${event.until}`);
  }
}
