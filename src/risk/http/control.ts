/** Services and databases whose address alone says how much is at stake. */
import { isLoopback } from '../address.js';
import { destroys, unseen } from '../catalogue/verdicts.js';
import type { Judgement } from '../finding.js';
import { providerOf } from './host.js';

const ADDRESS = /\b(?:https?:\/\/)?((?:[a-z0-9-]+\.)+[a-z]{2,})(?=[/:?#]|$)/i;
const DATABASE =
  /\b(?:postgres(?:ql)?|mysql2?|mariadb|mongodb(?:\+srv)?|rediss?|sqlserver|mssql|clickhouse|cockroachdb)(?:\+\w+)?:\/\/(?:[^@/\s]*@)?(\[[^\]]+\]|[^/:?\s,]+)/i;
const WORST_OF_DATABASE = unseen(
  destroys('', 'system', 'db.schema_change'),
  'What is done with the database cannot be seen, so it counts as the worst.',
);

/** The worst that can be done at the control plane or database that a text names, or null when it names none. */
export function worstOfAddress(text: string): Judgement | null {
  const database = DATABASE.exec(text)?.[1];
  if (database !== undefined)
    return isLoopback(database) || !database.includes('.') ? null : WORST_OF_DATABASE;
  const host = ADDRESS.exec(text)?.[1];
  const provider = host === undefined ? null : providerOf(host);
  if (provider === null || !provider.controlPlane) return null;
  return unseen(
    provider.worst,
    'What is done at this service cannot be seen, so it counts as the worst call.',
  );
}
