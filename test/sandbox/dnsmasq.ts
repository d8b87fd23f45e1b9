import { Resolver } from 'node:dns/promises';
import { reservePort } from './free-port.ts';
import { partOf, type Part } from './part.ts';
import { startProcess } from './process.ts';

export interface RunningDnsmasq extends Part {
  readonly port: number;
}

/**
 * Starts a real dnsmasq on loopback that answers for what `records` say and nothing else:
 * `--host-record=a.test,192.0.2.1`, `--mx-host=a.test,mail.a.test,10`.
 */
export async function startDnsmasq(records: readonly string[]): Promise<RunningDnsmasq> {
  await using stack = new AsyncDisposableStack();
  const { port, [Symbol.asyncDispose]: release } = await reservePort();
  // The reservation is a UDP socket, which stands in this server's way.
  await release();
  const own = ['--keep-in-foreground', '--conf-file=/dev/null', '--no-resolv', '--no-hosts', '--user=', '--pid-file='];
  const listen = ['--listen-address=127.0.0.1', '--bind-interfaces', `--port=${String(port)}`, '--local=/test/'];
  stack.use(
    await startProcess({
      name: 'dnsmasq',
      command: '/usr/sbin/dnsmasq',
      args: [...own, ...listen, '--host-record=ready.test,192.0.2.99', ...records],
      ready: async () => {
        const resolver = new Resolver({ timeout: 200, tries: 1 });
        resolver.setServers([`127.0.0.1:${String(port)}`]);
        return (await resolver.resolve4('ready.test')).length === 1;
      },
    }),
  );
  return { port, ...partOf(stack.move()) };
}
