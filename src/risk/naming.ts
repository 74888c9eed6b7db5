/** Reads the names that people give to operations: `volumeDelete`, `delete_project`, `db:reset`. */
import type { Radius } from '../domain/assessment.js';
import {
  changesElsewhere,
  deploys,
  destroys,
  disturbs,
  escalates,
  grants,
  reads,
  removes,
} from './catalogue/verdicts.js';
import type { Judgement } from './finding.js';

const DELETE = words(
  'delete remove shutdown destroy drop purge wipe erase terminate truncate del rm kill prune nuke uninstall deletion obliterate expunge decommission deprovision',
);
const RESET = words('reset empty flush flushall flushdb clear restore rollback overwrite');
const CREATE = words(
  'create add insert new upload put post upsert import register open subscribe attach enqueue comment',
);
const UPDATE = words(
  'update set edit modify patch change rename move write save enable disable restart stop start pause scale apply sync merge close archive lock revert cancel assign toggle migrate resize replace',
);
const DEPLOY = words('deploy redeploy publish promote release rollout ship launch');
const GRANT = words(
  'grant invite authorize permission permissions role roles revoke impersonate share member members collaborator sudo',
);
const PAY = words(
  'pay charge refund payout transfer payment purchase invoice withdraw checkout capture buy order',
);
const SEND = words('send email mail sms notify message tweet dm broadcast reply');
const RUN = words('exec execute run eval invoke shell command');
const READ = words(
  'get list read search find fetch query show describe view lookup count check status whoami me browse download export explain inspect watch ping help receive scan head exists validate preview poll peek wait',
);

const SYSTEM = words(
  'flushall flushdb volume database databases db dbs cluster project ns environment account organization organisation org tenant instance server vm machine datacenter namespace zone vault backup keyspace subscription stack app application site domain system disk filesystem region vpc network droplet',
);
const COLLECTION = words(
  'space indexes indices table bucket base metadata collection index queue topic branch repo repository schema folder directory dataset workspace stream team list channel database_branch cache snapshot log history service deployment',
);
/** Two words that name a system together, where each alone does not. */
const COMPOUND_SYSTEM = /resource[ _-]?groups?(?![a-z])/i;
/** Who has one of these may act as somebody. */
const KEYS = /(?:access|api|service[-_ ]?account)[-_ ]?keys?(?![a-z])|login[-_ ]?profile/i;
/** Whatever a question finds. */
const BY_QUERY = /by[-_ ]?(?:query|filter)/i;
const MANY = words('wipe nuke obliterate all bulk batch many every multiple everything');
/** Words of a name that say neither what is done nor to what. */
const FILLERS = words('begin async sync and now from by with the in to of on it one first end force');
/** A checkout there pays for nothing. */
const BRANCHES = /git|branch|worktree/i;
const VERBS = [DELETE, RESET, CREATE, UPDATE, DEPLOY, RUN, READ];

function words(list: string): ReadonlySet<string> {
  return new Set(list.split(' '));
}

/** Most names that are asked about are a word already. */
const ONE_WORD = /^[a-z0-9]{1,200}$/;

/** The words of a name, in lower case: `volumeDelete2` is `volume`, `delete`, `2`. */
export function wordsOf(name: string): readonly string[] {
  if (ONE_WORD.test(name)) return [name];
  return name
    .slice(0, 200)
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
}

/** How wide an operation on something of this name reaches. */
export function radiusOf(name: string): Radius {
  const list = wordsOf(name);
  if (list.some((word) => has(SYSTEM, word)) || COMPOUND_SYSTEM.test(name)) return 'system';
  if (list.some((word) => has(COLLECTION, word))) return 'collection';
  return list.some((word) => MANY.has(word)) || BY_QUERY.test(name) ? 'collection' : 'object';
}

/** What a name says is done, as far as data is concerned; deleting weighs first. */
export function actOf(name: string): 'delete' | 'reset' | 'read' | 'create' | 'update' | null {
  const list = wordsOf(name);
  const says = (vocabulary: ReadonlySet<string>): boolean => list.some((word) => has(vocabulary, word));
  if (says(DELETE)) return 'delete';
  if (says(RESET)) return 'reset';
  if (startsWithRead(list)) return 'read';
  if (says(CREATE)) return 'create';
  return says(UPDATE) ? 'update' : null;
}

/** True when a name says that many are meant. */
export function meansMany(name: string): boolean {
  return wordsOf(name).some((word) => MANY.has(word));
}

/** True when a name says to what something is done, and not only what. */
export function hasNoun(name: string): boolean {
  return wordsOf(name).some(
    (word) => !FILLERS.has(word) && !MANY.has(word) && !VERBS.some((verbs) => verbs.has(word)),
  );
}

/**
 * The verdict that a name alone supports; null when it says nothing.
 * Deleting weighs first, so that `createAndDeleteVolume` is not taken for creating.
 */
export function judgeName(name: string): Judgement | null {
  const list = wordsOf(name);
  const says = (vocabulary: ReadonlySet<string>): boolean => list.some((word) => has(vocabulary, word));
  const radius = radiusOf(name);
  if (says(DELETE)) return judgeDeletion(name, radius);
  if (says(RESET) && radius !== 'object') return destroys('By its name it resets a whole store.', radius);
  if (says(PAY) && !startsWithRead(list) && !BRANCHES.test(name))
    return escalates('By its name it moves money.', 'object', { verb: 'pay', kind: 'payment.charge' });
  if ((says(GRANT) || KEYS.test(name)) && !startsWithRead(list))
    return grants('By its name it changes who may do what.');
  if (startsWithRead(list)) return reads('By its name it only reads.', 'http.get');
  if (says(DEPLOY)) return deploys('By its name it puts something into service.');
  if (says(SEND))
    return disturbs('By its name it sends something to people.', { verb: 'send', kind: 'message.chat.post' });
  if (says(RUN)) return disturbs('By its name it runs something.', { verb: 'execute', kind: 'code.exec' });
  if (says(CREATE)) return changesElsewhere('By its name it creates something.', { verb: 'create' });
  if (says(UPDATE) || says(RESET)) return disturbs('By its name it changes something.');
  return says(READ) ? reads('By its name it only reads.', 'http.get') : null;
}

function judgeDeletion(name: string, radius: Radius): Judgement {
  if (radius === 'object') return removes(`By its name it deletes one thing.`);
  return destroys(
    radius === 'system'
      ? 'By its name it deletes a whole system.'
      : 'By its name it deletes a whole collection.',
    radius,
    kindOfDeletion(name),
  );
}

function kindOfDeletion(name: string): string {
  return /table|schema|database|\bdb\b/i.test(name) ? 'db.schema_change' : 'http.delete';
}

function startsWithRead(list: readonly string[]): boolean {
  return READ.has(list[0] ?? '');
}

/** Knows plurals too. */
function has(vocabulary: ReadonlySet<string>, word: string): boolean {
  return vocabulary.has(word) || (word.endsWith('s') && vocabulary.has(word.slice(0, -1)));
}
