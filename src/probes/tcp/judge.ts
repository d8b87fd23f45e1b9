import type { Outcome } from '../../check/outcome.ts';
import { judgeTrouble } from '../../wire/trouble.ts';
import { judgeTurns } from '../../wire/turn.ts';
import type { TcpObservation } from './observation.ts';
import type { TcpOptions } from './options.ts';

export function judgeTcp({ talk }: TcpOptions, { trouble, turns }: TcpObservation): Outcome {
  return trouble === undefined ? judgeTurns(talk, turns, { unit: 'character' }) : judgeTrouble(trouble);
}
