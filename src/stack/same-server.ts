/** Whether two addresses are of one server: one machine can have many names, but on one machine a port is one server. */
export function sameServer(left: string, right: string): 'same' | 'different' | 'cannot-tell' {
  if (!URL.canParse(left) || !URL.canParse(right)) return 'cannot-tell';
  const [one, other] = [addressOf(left), addressOf(right)];
  if (one.host !== other.host) return 'cannot-tell';
  return one.port === other.port && one.path === other.path ? 'same' : 'different';
}

function addressOf(text: string) {
  const { hostname, port, protocol, pathname } = new URL(text);
  return {
    host: isLoopback(hostname) ? 'localhost' : hostname,
    port: port || (protocol === 'https:' ? '443' : '80'),
    // Prometheus names the path that it posts to, the gate the root of the API.
    path: pathname.replace(/\/api\/v[12]\/alerts$/, '').replace(/\/+$/, ''),
  };
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}
