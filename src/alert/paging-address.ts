/** Mail to these opens an incident, or makes a phone buzz: it is a page in an envelope. */
const services = ['pagerduty.com', 'opsgenie.net', 'victorops.com', 'incident.io', 'spike.sh', 'pomail.net'];

/** Whether an e-mail address belongs to a service that wakes people. */
export function isPagingAddress(address: string): boolean {
  const domain = address.slice(address.lastIndexOf('@') + 1).toLowerCase();
  return address.includes('@') && services.some((service) => domain === service || domain.endsWith(`.${service}`));
}
