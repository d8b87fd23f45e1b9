import { z } from 'zod';
import { alertsUrl } from '../../alert/bridge.ts';
import { isLoopback, listenAddress } from '../../alert/listen-address.ts';
import { secret } from '../../base/secret.ts';
import { fillTemplate } from './template.ts';

const body = z
  .string()
  .prefault('{"text":"{{text}}"}')
  .refine((template) => isJson(template), 'write JSON, as in {"text":"{{text}}"}')
  .refine((template) => !isJson(template) || carriesText(template), 'the message must stand somewhere in it: {{text}}');

const confirm = z
  .strictObject({
    listen: listenAddress.describe('Where liveproof serves the page, during the run.'),
    url: z.url({ protocol: /^https?$/ }).describe('How people reach that page: the address that stands in the message.'),
    exposed: z.boolean().default(false).describe('Lets other machines reach `listen`; otherwise only this one can.'),
  })
  .refine(({ listen, exposed }) => exposed || isLoopback(listen), {
    path: ['listen'],
    message: 'only a loopback address is listened on, unless the channel says exposed: true',
  });

export const chatOptions = z.strictObject({
  url: secret()
    .refine((url) => /^https?:$/.test(URL.parse(url)?.protocol ?? ''), 'an http or https URL')
    .describe("The chat's incoming webhook. It is a secret: whoever has it can post."),
  body: body.describe(
    'What is posted, as JSON: {{text}} becomes the message, {{nonce}} its token. Teams, Discord and others each want their own.',
  ),
  alertsUrl,
  confirm: confirm.describe('The page on which a person says that they have seen the message: the chat itself cannot be read.'),
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function carriesText(template: string): boolean {
  const mark = 'the text';
  return JSON.stringify(fillTemplate(template, { text: mark, nonce: '' })).includes(mark);
}
