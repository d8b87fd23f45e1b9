import { chromium } from 'playwright';
import { expect, it } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { openChromium } from '../../src/browser/chromium.ts';
import chat from '../../src/channels/chat.ts';
import { freePort, serveHttp } from '../probes/loopback.ts';

const never = new AbortController().signal;
const nonce = 'lp0123456789abcdef';

it('lets a person confirm with keyboard and labels alone, in a page that keeps its own rules and asks nobody else', async () => {
  await using stack = new AsyncDisposableStack();
  const hook = stack.use(await serveHttp((_request, response) => response.end()));
  const listen = `127.0.0.1:${String(await freePort())}`;
  const options = chat.options.parse({ url: hook.url, confirm: { listen, url: `http://${listen}/` } });
  const channel = await chat.open('team-chat', options, { clock: systemClock, signal: never });
  stack.defer(() => channel.close());
  await channel.send({ nonce, subject: `[TEST] ${nonce}`, text: 'Nothing is wrong. é ü ✓ & < > "' }, never);

  const opened = await openChromium(chromium, undefined, never);
  stack.defer(() => opened.close());
  const page = await opened.browser.newPage({ viewport: { width: 390, height: 844 } });
  const complaints: string[] = [];
  const asked = new Set<string>();
  page.on('console', (line) => complaints.push(line.text()));
  page.on('request', (request) => asked.add(new URL(request.url()).host));
  await page.goto(`http://${listen}/?token=${nonce}`);

  expect(await page.getByRole('blockquote').innerText()).toContain('é ü ✓ & < > "');
  expect(await page.getByLabel('Token').inputValue()).toBe(nonce);
  expect(await page.getByRole('button').evaluate((button) => getComputedStyle(button).backgroundColor)).toBe('rgb(29, 78, 216)');
  const screenshot = process.env['LIVEPROOF_SCREENSHOTS'];
  if (screenshot !== undefined) await page.screenshot({ path: `${screenshot}/chat.png` });
  await page.getByLabel('Your name').fill('Ada Lovelace');
  await page.keyboard.press('Enter');
  await page.getByRole('status').waitFor();
  expect(await page.getByRole('heading').innerText()).toBe('Thank you');
  expect(await channel.readBack(nonce, never)).toMatchObject([{ place: 'the chat, confirmed by Ada Lovelace' }]);
  expect(complaints).toEqual([]);
  expect([...asked]).toEqual([listen]);
});
