import { worse, type FactsMutant } from '../../gate/mutant.ts';
import type { Parts } from './facts.ts';
import type { RedundancyRequirement } from './requirement.ts';

type Mutants = readonly FactsMutant<Parts>[];

const trouble = { code: 'stack/unreachable', says: 'nobody answered' };

/** Parts that would no longer stand in for each other. */
export function partsMutants({ watchdog }: RedundancyRequirement, parts: Parts): Mutants {
  return [...prometheusMutants(parts), ...alertmanagerMutants(watchdog, parts)];
}

function prometheusMutants(parts: Parts): Mutants {
  const { prometheuses } = parts;
  return prometheuses.flatMap((one, index) => {
    const { url, seen } = one;
    const other = (change: typeof seen): Parts => ({ ...parts, prometheuses: prometheuses.with(index, { url, seen: change }) });
    if ('trouble' in seen) return [];
    const { rules, alertmanagers = [] } = seen;
    const [first] = rules;
    const { alertmanagers: _, ...silent } = seen;
    return [
      worse('replica-gone', `there is no Prometheus at ${url}`, { ...parts, prometheuses: prometheuses.toSpliced(index, 1) }),
      worse('part-untold', `${url} does not answer`, other({ trouble })),
      worse('rule-missing', `${url} lacks a rule`, other({ ...seen, rules: rules.slice(1) })),
      ...(first === undefined
        ? []
        : [
            worse(
              'rule-differs',
              `${url} has another ${first.name}`,
              other({ ...seen, rules: [{ ...first, definition: 'vector(0)' }, ...rules.slice(1)] }),
            ),
          ]),
      worse('alertmanager-not-told', `${url} sends to one Alertmanager less`, other({ ...seen, alertmanagers: alertmanagers.slice(1) })),
      worse(
        'stranger-told',
        `${url} sends to another Alertmanager`,
        other({ ...seen, alertmanagers: ['http://elsewhere.invalid', ...alertmanagers.slice(1)] }),
      ),
      worse('alertmanagers-untold', `${url} does not say where it sends to`, other(silent)),
    ];
  });
}

function alertmanagerMutants(watchdog: string, parts: Parts): Mutants {
  const { alertmanagers } = parts;
  return alertmanagers.flatMap((one, index) => {
    const { url, seen } = one;
    const other = (change: typeof seen): Parts => ({ ...parts, alertmanagers: alertmanagers.with(index, { url, seen: change }) });
    if ('trouble' in seen) return [];
    const { peers, watchdogs } = seen;
    const second = watchdogs.map(({ labels, updatedAt }) => ({ labels: { ...labels, replica: 'b' }, updatedAt }));
    return [
      worse('replica-gone', `there is no Alertmanager at ${url}`, { ...parts, alertmanagers: alertmanagers.toSpliced(index, 1) }),
      worse('part-untold', `${url} does not answer`, other({ trouble })),
      worse('cluster-disabled', `${url} is in no cluster`, other({ ...seen, clusterStatus: 'disabled', peers: [] })),
      worse('cluster-settling', `the cluster of ${url} is not ready`, other({ ...seen, clusterStatus: 'settling' })),
      worse('member-lost', `${url} knows one member less`, other({ ...seen, peers: peers.slice(1) })),
      worse('other-member', `${url} knows another member`, other({ ...seen, peers: ['elsewhere', ...peers.slice(1)] })),
      worse('configuration-differs', `${url} has another configuration`, other({ ...seen, config: `other than ${seen.config}` })),
      worse('watchdog-missing', `${url} holds no ${watchdog}`, other({ ...seen, watchdogs: [] })),
      worse(
        'replicas-told-apart',
        `${url} takes the ${watchdog} of each Prometheus for another`,
        other({ ...seen, watchdogs: [...watchdogs, ...second] }),
      ),
    ];
  });
}
