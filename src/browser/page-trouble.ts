import { Fault } from '../base/fault.ts';
import { troubleOf, type Trouble } from '../base/trouble.ts';
import { oneLine } from './one-line.ts';

/** What a browser says of a page that it cannot open: it is kept from us, whatever was thrown. */
export function pageTroubleOf(error: unknown): Trouble {
  if (error instanceof Fault) return troubleOf(error);
  const says = oneLine(error);
  return { code: 'probe/cannot-run', says: says === '' ? 'the browser gives no reason' : says };
}
