// Ids as the kernel makes them: `<prefix>_<10 characters of milliseconds><16 of entropy>` in Crockford's base 32.
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

export function newId(prefix: string, now: number, entropy: Uint8Array = random()): string {
  let time = '';
  for (let rest = now, i = 0; i < 10; i++, rest = Math.floor(rest / 32)) time = (ALPHABET[rest % 32] as string) + time;
  return `${prefix}_${time}${[...entropy].map((byte) => ALPHABET[byte % 32]).join('')}`;
}

const random = (): Uint8Array => crypto.getRandomValues(new Uint8Array(16));
