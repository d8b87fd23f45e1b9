import { randomBytes, scrypt, scryptSync, timingSafeEqual } from 'node:crypto';

/** Cheap on purpose: these are demo accounts, and sign-ins must not crowd out what is being measured. */
const cost = { N: 1024 };

/** `salt:hash`, both in hex. */
export function hashPassword(password: string): string {
  const salt = randomBytes(16);
  return `${salt.toString('hex')}:${scryptSync(password, salt, 32, cost).toString('hex')}`;
}

export async function passwordMatches(password: string, stored: string): Promise<boolean> {
  const [salt = '', expected = ''] = stored.split(':');
  const actual = await new Promise<Buffer>((resolve, reject) => {
    scrypt(password, Buffer.from(salt, 'hex'), 32, cost, (error, key) => (error === null ? resolve(key) : reject(error)));
  });
  return timingSafeEqual(actual, Buffer.from(expected, 'hex'));
}
