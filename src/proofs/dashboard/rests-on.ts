import type { Basis } from '../../base/basis.ts';
import type { BasisContext } from '../../gate/proof.ts';
import { askedAs } from './observe.ts';
import type { DashboardRequirement } from './requirement.ts';

/** The board as it is declared, and as the server has it for the person who will use it. */
export async function restsOnDashboard(requirement: DashboardRequirement, context: BasisContext): Promise<readonly Basis[]> {
  const { board, as, moves } = requirement;
  const { declared, signal } = context;
  const shown = await context.boardServer().dashboard(board, askedAs(requirement, context), signal);
  return [
    declared.board(board),
    ...(as === undefined ? [] : [declared.person(as)]),
    ...(moves === undefined ? [] : await declared.check(moves.check)),
    { what: `the board ${board} on its server`, value: 'refused' in shown ? shown : shown.model },
  ];
}
