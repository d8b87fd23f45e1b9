import { Fault } from '../../base/fault.ts';
import { page, type Message } from './messages.ts';
import { hintFor, type SlackWebApi } from './web-api.ts';

const mostPages = 10;

/** Every message of a method that pages with a cursor. Being refused is a Fault: it says nothing about what was delivered. */
export async function readMessages(
  api: SlackWebApi,
  method: 'conversations.history' | 'conversations.replies',
  parameters: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<readonly Message[]> {
  const messages: Message[] = [];
  let cursor = '';
  for (let count = 0; count < mostPages; count += 1) {
    const answered = await api.call(method, { ...parameters, limit: '200', ...(cursor === '' ? {} : { cursor }) }, signal);
    if (!answered.ok) {
      throw new Fault('channel/refused', `Slack does not let us read the channel: ${answered.error}`, { hint: hintFor(answered.error) });
    }
    const parsed = page.safeParse(answered.body);
    if (!parsed.success) throw new Fault('channel/unreachable', `Slack answered ${method} without messages that we can read`);
    messages.push(...parsed.data.messages);
    cursor = parsed.data.response_metadata?.next_cursor ?? '';
    if (cursor === '') break;
  }
  return messages;
}
