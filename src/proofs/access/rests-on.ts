import type { Basis } from '../../base/basis.ts';
import type { BasisContext } from '../../gate/proof.ts';
import type { AccessRequirement } from './requirement.ts';

/** Who is on call, and the board as the server has it for everybody whom the item names: refusing it is an answer too. */
export async function restsOnAccess(requirement: AccessRequirement, context: BasisContext): Promise<readonly Basis[]> {
  const { board, onCall, as, refused, public: isPublic } = requirement;
  const { declared, people, signal } = context;
  const rotation = onCall ? await context.onCall() : [];
  const first = rotation.filter(({ level }) => level === rotation[0]?.level).map(({ email }) => email.toLowerCase());
  const called = people.filter(({ email }) => first.includes(email.toLowerCase())).map(({ name }) => name);
  const names = [...new Set([...called, ...as, ...refused, ...(isPublic ? ['nobody'] : [])])];
  const found: Basis[] = [declared.board(board)];
  if (onCall) found.push({ what: 'who is on call', value: first.toSorted() });
  for (const name of names) {
    const person = people.find((each) => each.name === name);
    if (person !== undefined) found.push(declared.person(name));
    const credentials = person?.password === undefined ? 'nobody' : { email: person.email, password: person.password };
    const shown = await context.boardServer().dashboard(board, credentials, signal);
    found.push({ what: `the board ${board} as it is for ${name}`, value: 'refused' in shown ? shown : shown.model });
  }
  return found;
}
