/** Tells names of secrets from names that only speak of them. */
import { wordsOf } from '../naming.js';

const NAME_LENGTH_MAX = 120;
/** In every name of a secret, once it is in lower case and without signs. */
const HINT = /token|secret|pass|pw|key|cred|auth|cookie|otp|bearer|jwt|psk|pat/;
/** A name whose words are parted by signs. */
const PARTED = /[a-z0-9][._-]+[a-z0-9]/;
const ENDINGS =
  /(?:token|secret|password|passwd|passphrase|pwd|passcode|apikey|accesskey|secretkey|privatekey|authkey|accountkey|signingkey|encryptionkey|masterkey|adminkey|sshkey|deploykey|sharedkey|licensekey|webhookkey|servicekey|credentials?|authorization|cookie|pgpassword|mysqlpwd|redisauth|storepass|keypass)$/;
/** Names so short that only the last word of a name counts. */
const SHORT_WORDS: ReadonlySet<string> = new Set(
  'pass pw otp totp bearer jwt psk creds cred pat passwords secrets tokens apikeys'.split(' '),
);
/** Wherever they stand in a name they make it one of a secret, unless its last word is an attribute. */
const STRONG_WORDS: ReadonlySet<string> = new Set(
  'password passwd passphrase secret token apikey credential credentials bearer jwt'.split(' '),
);
const ATTRIBUTES: ReadonlySet<string> = new Set(
  'id ids name names type types url uri path file files dir arn count limit limits length size expiry expires expiration ttl at policy field fields enabled required prefix endpoint stdin env usage budget used total max min number index kind version status scope scopes created updated rotation reference ref store manager owner hint format label reset refresh lifetime bucket tags description provider mount mode'.split(
    ' ',
  ),
);
const EXACT: ReadonlySet<string> = new Set(['auth', 'xauth', 'authorization', 'bearer']);
const NOT_SECRET = /^(?:next|page|continuation|sync|cancel|idempotency|csrf|max|min|num|total|count)/;
/** Beside a secret these say whose it is and of which kind. */
const IDENTIFIERS =
  /^(?:type|kind|scheme|method|name|user|username|user_?name|login|email|id|[a-z_]*_id|url|uri|host|hostname|port|region|provider|grant_?type|scope|scopes|realm|database|db|account|project|tenant|in|expires?(?:_\w+)?)$/i;

/** True for names such as `GITHUB_TOKEN`, `clientSecret`, `--api-key`; not for `volumeId` or `max_tokens`. */
export function isSecretName(name: string): boolean {
  if (name.length > NAME_LENGTH_MAX) return false;
  const plain = name.toLowerCase().replace(/[^a-z0-9]/g, '');
  if (!HINT.test(plain) || NOT_SECRET.test(plain)) return false;
  if (ENDINGS.test(plain) || EXACT.has(plain)) return true;
  const words = wordsOf(name).map((word) => word.replace(/\d+$/, ''));
  const last = words.findLast((word) => word !== '') ?? '';
  if (SHORT_WORDS.has(last)) return true;
  return !ATTRIBUTES.has(last) && words.some((word) => STRONG_WORDS.has(word));
}

/** False for a text in lower case in which no run of letters, digits and `._-` can be the name of a secret. */
export function mayNameSecret(text: string): boolean {
  return HINT.test(text) || (PARTED.test(text) && HINT.test(text.replace(/[._-]+/g, '')));
}

/** True for what a group of secrets holds beside them, such as a user's name. */
export function isIdentifierName(name: string): boolean {
  return IDENTIFIERS.test(name);
}

/** True for names that could mean a secret, if what they hold looks like one. */
export function mayBeSecretName(name: string): boolean {
  return /key|pass|auth|cred|secret|token|sign|sig$|pin$|otp|pw/i.test(name);
}

/** True for a word that nobody would choose: letters and digits without a pattern. Ids of the usual form are none. */
export function looksRandom(text: string): boolean {
  if (text.length < 12 || text.length > 512) return false;
  if (!/^[\w+/=~!@#$%^&*.-]+$/.test(text) || /^[~/.$-]|:\/\/|\.\w{1,5}$/.test(text)) return false;
  if (!/\d/.test(text) || !/[A-Za-z]/.test(text)) return false;
  if (/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) return false;
  const different = new Set(text).size;
  return different >= 8 && !/^(?:[A-Za-z]+[-_/])+\d{0,4}$/.test(text);
}
