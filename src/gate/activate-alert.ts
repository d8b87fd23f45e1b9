import { withoutCredentials } from '../base/exchange.ts';
import { orTrouble } from '../base/trouble.ts';
import type { Alertmanager, PostableAlert } from '../stack/alertmanager.ts';
import { endedAlert } from '../stack/alertmanager/test-alert.ts';
import type { ProofContext } from './proof.ts';
import type { Touch } from './touch.ts';

/**
 * Makes an alert active in each of these Alertmanagers, as Prometheus does: those of a cluster tell it once, and the first in
 * line tells it at once. The first of the list must take it; `takenBy` says who did. What is returned ends it everywhere.
 */
export async function activateAlert(
  alert: PostableAlert,
  lastsMs: number,
  [first, ...others]: readonly Alertmanager[],
  { effects, beforeSignal, signal }: Pick<ProofContext, 'effects' | 'beforeSignal' | 'signal'>,
): Promise<{ readonly takenBy: readonly Alertmanager[]; undo(): Promise<void> }> {
  const activate = async (alertmanager: Alertmanager): Promise<Activated> => {
    const at = withoutCredentials(alertmanager.url).url;
    const effect = {
      says: `a test alert ${alert.labels['alertname'] ?? ''} is active in Alertmanager at ${at}`,
      expiresInMs: lastsMs,
      undo: alertmanager.postRequest([endedAlert(alert)]),
    };
    const { undo } = await effects.make(effect, () => alertmanager.postAlerts([alert], signal));
    return { alertmanager, undo };
  };
  if (first === undefined) throw new Error('an alert wants an Alertmanager');
  await beforeSignal(() => Promise.resolve([testAlertTouch(alert, lastsMs, [first, ...others])]));
  // Asked first: one that is not there tells nobody, and there would be nothing to undo.
  const activateIfThere = (one: Alertmanager) =>
    orTrouble(signal, async () => {
      await one.status(signal);
      return await activate(one);
    });
  const tried = await Promise.allSettled([activate(first), ...others.map(activateIfThere)]);
  const activated = tried.flatMap((each) => (each.status === 'fulfilled' && 'undo' in each.value ? each.value : []));
  const undo = async (): Promise<void> => {
    await Promise.all(activated.map((each) => each.undo()));
  };
  const failed = tried.find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') {
    await undo();
    throw failed.reason;
  }
  return { takenBy: activated.map(({ alertmanager }) => alertmanager), undo };
}

/** What a test alert touches, before it is posted. */
export function testAlertTouch({ labels }: Pick<PostableAlert, 'labels'>, lastsMs: number, at: readonly Alertmanager[]): Touch {
  const alert = labels['alertname'] ?? '';
  return {
    does: 'test-alert',
    says: `a test alert ${alert} is active in Alertmanager`,
    request: `POST ${at.map(({ url }) => `${withoutCredentials(url).url}/api/v2/alerts`).join(' and ')}`,
    atMostMs: lastsMs,
    signals: [{ alert, labels, without: 'all-others', at: at.map(({ url }) => url) }],
  };
}

interface Activated {
  readonly alertmanager: Alertmanager;
  undo(): Promise<void>;
}
