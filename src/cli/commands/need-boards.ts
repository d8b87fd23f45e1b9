import { Fault } from '../../base/fault.ts';
import type { Gate } from '../../gate/gate.ts';

/** A command about boards that does nothing would look as if it had done it. Throws the Fault `usage/bad-argument`. */
export function needBoards({ name, boards }: Gate): void {
  if (boards.length > 0) return;
  throw new Fault('usage/bad-argument', `the gate ${name} has no boards`, { hint: 'name their files under "boards" in the gate file' });
}
