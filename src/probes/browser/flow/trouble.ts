import { Fault } from '../../../base/fault.ts';

/** What a flow did to its own thread. It says nothing about the target, and the browser has no part in it: others go on with it. */
export class FlowTrouble extends Fault {
  constructor(message: string, hint?: string) {
    super('probe/cannot-run', message, { hint });
  }
}
