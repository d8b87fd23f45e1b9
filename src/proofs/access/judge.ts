import { findingsOn, type Finding } from '../../gate/finding.ts';
import type { AccessFacts, Attempt } from './facts.ts';
import type { AccessRequirement } from './requirement.ts';

/** Can those who need the board open it, with what is theirs, and nobody else? */
export function judgeAccess(requirement: AccessRequirement, facts: AccessFacts): readonly Finding[] {
  return [...found(requirement, facts), ...opened(requirement, facts), ...guarded(requirement, facts)];
}

function found({ board, onCall }: AccessRequirement, facts: AccessFacts): readonly Finding[] {
  const about = findingsOn(board, 'found');
  if (!onCall) return [about.yes('who must open it is named by the gate')];
  if (facts.onCall === undefined) return [about.unknown('the rotation was not asked who is on call')];
  if (facts.onCall.length === 0) return [about.no('nobody is on call now', 'fill the rotation: an alert would reach nobody')];
  return facts.onCall.map(({ name, email, until, known }) => {
    if (known === undefined) {
      return about.no(
        `${name} (${email}) is on call, and is none of the gate's people`,
        'add them under "people", with the credentials that they use',
      );
    }
    return about.yes(`${name} (${email}) is on call${until === undefined ? '' : ` until ${until}`}`);
  });
}

function opened({ board, onCall, as, public: isPublic }: AccessRequirement, facts: AccessFacts): readonly Finding[] {
  const about = findingsOn(board, 'opened');
  if (facts.opened.length === 0) return [about.unknown('nobody tried to open it')];
  const known = onCall ? (facts.onCall ?? []).flatMap((each) => each.known ?? []) : [];
  const wanted = new Set([...known, ...as, ...(isPublic ? ['nobody'] : [])]);
  const missing = [...wanted].filter((who) => !facts.opened.some((attempt) => attempt.who === who));
  const judged = facts.opened.map((attempt) => {
    const { who, hasPassword, api, data, page, trouble } = attempt;
    const name = nameOf(who);
    if (trouble !== undefined) return about.unknown(`${name} could not try to open it: ${trouble.says}`, trouble.hint);
    if (!hasPassword && who !== 'nobody')
      return about.unknown(`the gate has no password of ${who}`, `set it in the environment, for people.${who}.password`);
    if (api !== 200 || page?.status !== 200) {
      const says = `${name} is refused: HTTP ${String(api === 200 ? page?.status : api)}`;
      return about.no(
        says,
        isPublic && who === 'nobody' ? 'make the board public' : 'give them the role, and see that their account works',
      );
    }
    if (data !== true || page.shown === 0) return about.no(`${name} opens it and sees no data`, 'may they read its data source?');
    return about.yes(`${name} opens it and sees ${String(page.panels)} panels${who === 'nobody' ? '' : ', with their own credentials'}`);
  });
  return [...judged, ...missing.map((who) => about.unknown(`${nameOf(who)} did not try to open it`))];
}

function nameOf(who: string): string {
  return who === 'nobody' ? 'somebody without credentials' : who;
}

function guarded({ board, refused, public: isPublic }: AccessRequirement, facts: AccessFacts): readonly Finding[] {
  const about = findingsOn(board, 'guarded');
  if (refused.length === 0) {
    return [
      isPublic
        ? about.yes('it is for everybody: nobody has to be kept out')
        : about.unknown('nobody tried to get in who must not', 'name them under "refused"'),
    ];
  }
  return refused.map((who) => {
    const attempt = facts.refused.find((each) => each.who === who);
    if (attempt === undefined) return about.unknown(`${who} did not try to open it`);
    const judged = judgeRefused(about, attempt);
    if (judged.holds !== 'yes' || who !== 'nobody') return judged;
    // At the door they are refused; a link that nobody here knows still lets in whoever has it.
    const told = facts.opened.filter((each) => each.api === 200).map((each) => each.isPublic);
    if (told.includes(true))
      return about.no('it has a public link: somebody without credentials gets it by that, and must not', 'take the public link away');
    return told.includes(undefined)
      ? about.unknown('whether it has a public link is not told', 'may whoever opens it read /api/dashboards/uid/…/public-dashboards?')
      : judged;
  });
}

function judgeRefused(about: ReturnType<typeof findingsOn>, { who, hasPassword, api, data, page, trouble }: Attempt): Finding {
  const name = nameOf(who);
  if (trouble !== undefined) return about.unknown(`whether ${name} is kept out could not be tried: ${trouble.says}`, trouble.hint);
  if (!hasPassword && who !== 'nobody')
    return about.unknown(
      `the gate has no password of ${who}, who is to be kept out`,
      `set it in the environment, for people.${who}.password`,
    );
  if (api === 200 || data === true || (page !== undefined && page.shown > 0)) {
    const what = [api === 200 ? 'its API' : '', data === true ? 'its data' : '', page !== undefined && page.shown > 0 ? 'its page' : ''];
    return about.no(`${name} gets ${what.filter((part) => part !== '').join(' and ')}, and must not`, 'take the permission away');
  }
  // A password that is no longer theirs is refused too, and says nothing of what they may read.
  if (who !== 'nobody' && api === 401) {
    return about.unknown(
      `whether ${who} is kept out is not known: their password is not accepted`,
      `is people.${who}.password still theirs?`,
    );
  }
  return about.yes(`${name} is refused with HTTP ${String(api)}`);
}
