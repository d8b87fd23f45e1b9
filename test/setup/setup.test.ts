import { createHash } from 'node:crypto';
import { access, constants, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { environmentFor, readArguments } from '../../.setup/command.mjs';
import { hasIntegrity, isNewEnough } from '../../.setup/node.mjs';
import { isInstalled } from '../../.setup/packages.mjs';
import { howToInstall, missingParts, parts } from '../../.setup/stack.mjs';

describe('the words after with.mjs', () => {
  test('name what is needed, then the command with its own arguments', () => {
    expect(readArguments(['stack', '--', 'node', 'demo.ts', '--', 'x'])).toEqual({
      needs: ['stack'],
      command: ['node', 'demo.ts', '--', 'x'],
    });
    expect(readArguments(['--', 'tsc'])).toEqual({ needs: [], command: ['tsc'] });
  });

  test.each([[[]], [['tsc']], [['--']], [['stak', '--', 'tsc']]])('make no sense as %j', (words) => {
    expect(readArguments(words)).toBeUndefined();
  });
});

describe('the environment of a command', () => {
  test('finds our Node before every other one, and system programs last', () => {
    expect(environmentFor('/node/bin', '/packages', { PATH: '/usr/bin:/sbin', HOME: '/root' })).toEqual({
      PATH: '/node/bin:/packages:/usr/bin:/sbin:/usr/sbin',
      HOME: '/root',
    });
    expect(environmentFor('/usr/bin', '/packages', {})['PATH']).toBe('/usr/bin:/packages:/usr/sbin:/sbin');
  });
});

describe('Node', () => {
  test.each(['24.0.0', 'v24.21.0', '25.1.0', '100.0.0'])('%s is new enough', (version) => {
    expect(isNewEnough(version)).toBe(true);
  });

  test.each(['20.20.2', 'v23.9.0', '12.22.12', '', 'spawn node ENOENT'])('"%s" is not new enough', (version) => {
    expect(isNewEnough(version)).toBe(false);
  });

  test('is unpacked only when every byte is the pinned one', () => {
    const bytes = Buffer.from('a tarball');
    const integrity = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
    expect(hasIntegrity(bytes, integrity)).toBe(true);
    expect(hasIntegrity(Buffer.from('a tarbalk'), integrity)).toBe(false);
  });
});

describe('the npm packages', () => {
  const lock = {
    packages: {
      '': { version: '0.1.0' },
      'node_modules/zod': { version: '4.6.7', integrity: 'sha512-a' },
      'node_modules/fsevents': { version: '2.3.3', integrity: 'sha512-b', optional: true },
    },
  };
  const zod = lock.packages['node_modules/zod'];

  test('are installed when npm recorded what the lock file asks for, whether or not other platforms have more', () => {
    expect(isInstalled(lock, { packages: { 'node_modules/zod': zod } })).toBe(true);
    expect(
      isInstalled(lock, { packages: { 'node_modules/zod': zod, 'node_modules/fsevents': lock.packages['node_modules/fsevents'] } }),
    ).toBe(true);
  });

  test.each([
    ['there is no record', undefined],
    ['one is missing', { packages: {} }],
    ['one has another version', { packages: { 'node_modules/zod': { ...zod, version: '4.6.6' } } }],
    ['one has other bytes', { packages: { 'node_modules/zod': { ...zod, integrity: 'sha512-c' } } }],
    ['one was removed from the lock file', { packages: { 'node_modules/zod': zod, 'node_modules/left': { version: '1.0.0' } } }],
  ])('are not installed when %s', (_, record) => {
    expect(isInstalled(lock, record)).toBe(false);
  });
});

describe('the real parts', () => {
  test('are complete when every program is there, with one browser of the two', () => {
    expect(missingParts(() => true)).toEqual([]);
    expect(missingParts((program) => program !== 'chromium-headless-shell')).toEqual([]);
  });

  test('that are missing are named one by one, with the package that brings each and what to type', () => {
    const missing = missingParts((program) => !['promtool', 'prometheus', 'chromium', 'chromium-headless-shell'].includes(program));
    expect(howToInstall(missing, 'that needs root')).toBe(
      [
        'Missing on this machine, and liveproof cannot install it here (that needs root):',
        '  prometheus                           the metrics server that a gate questions; Debian package prometheus',
        '  promtool                             unit tests of alert rules; Debian package prometheus',
        '  chromium-headless-shell or chromium  the browser; Debian package chromium-headless-shell',
        'On Debian, type this and run the command again:',
        '  sudo apt-get update && sudo apt-get install --no-install-recommends prometheus chromium-headless-shell',
      ].join('\n'),
    );
  });

  test('come from packages that the list names, each with its purpose', () => {
    expect(new Set(parts.map((part) => part.package))).toEqual(
      new Set([
        'prometheus',
        'prometheus-alertmanager',
        'prometheus-blackbox-exporter',
        'victoria-metrics',
        'dovecot-imapd',
        'chromium-headless-shell',
        'openssl',
        'dnsmasq-base',
        'redis-server',
        'postgresql',
        'mariadb-client-core',
        'mariadb-server-core',
      ]),
    );
    expect(parts.filter((part) => part.for === '')).toEqual([]);
  });

  test('are installed with stand-ins for the programs that would start services, which only work when they can be executed', async () => {
    const folder = join(import.meta.dirname, '../../.setup/no-services');
    const names = await readdir(folder);
    expect(names.toSorted()).toEqual(['deb-systemd-helper', 'deb-systemd-invoke', 'invoke-rc.d', 'update-rc.d']);
    await Promise.all(names.map(async (name) => await access(join(folder, name), constants.X_OK)));
  });
});
