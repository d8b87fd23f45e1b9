import { decoded } from '../base/decoded.ts';
import { looksSecret } from './looks-secret.ts';
import { textNode, type ConfigNode } from './node.ts';

const url = /\b[a-z][a-z0-9+.-]*:\/\/[^\s"'<>]+/gi;
const queryName = /^(sig|signature|auth)$/i;
const headerName = /^(proxy-)?authorization$|^cookie$/i;
/** `{{token}}` stands for what only comes while a check runs, `${NAME}` for what is not looked up here. */
const placeholder = /\{\{\w+\}\}|\$\{/;

/**
 * Secrets in places that no schema marks, because they hold anything: logins and keys in URLs, credentials in headers, passwords in bodies.
 * `node` is a file or a part of one, with its variables replaced.
 */
export function carriedSecrets(node: ConfigNode): readonly string[] {
  return [...new Set(gather(node, undefined))].filter((value) => value !== '' && !placeholder.test(value));
}

function gather(node: ConfigNode, within: 'headers' | 'json' | undefined): readonly string[] {
  if (node.type === 'list') return node.items.flatMap((item) => gather(item, within));
  if (node.type === 'scalar') return inUrls(textNode(node)?.value ?? '');
  return [...node.entries].flatMap(([key, { value }]) => {
    // What is expected and where an answer holds something are known to everybody who may read the report.
    if (key === 'expect' || key === 'take') return [];
    const text = textNode(value)?.value;
    if (text !== undefined && within === 'headers') return [...inHeader(key, text), ...inUrls(text)];
    if (text !== undefined && within === 'json' && looksSecret(key) && !/^keys?$/i.test(key)) return [text];
    return gather(value, key === 'headers' || key === 'json' ? key : within);
  });
}

function inHeader(name: string, value: string): readonly string[] {
  if (!headerName.test(name) && !looksSecret(name)) return [];
  return [value.replace(/^\w+ +(?=\S)/, '')];
}

function inUrls(text: string): readonly string[] {
  return [...text.matchAll(url)].flatMap(([written]) => {
    const parsed = URL.parse(written);
    if (parsed === null) return [];
    const { username, password, search } = parsed;
    const login = password === '' ? [] : [password, decoded(password), `${decoded(username)}:${decoded(password)}`];
    const query = search.slice(1).split('&');
    const values = query.flatMap((pair) => {
      const [name = '', value = ''] = pair.split(/=(.*)/s);
      return looksSecret(name) || queryName.test(name) ? [value, decoded(value)] : [];
    });
    return [...login, ...values];
  });
}
