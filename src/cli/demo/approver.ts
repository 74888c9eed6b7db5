/** The person of the story: an operator who answers approvals with credentials of their own. */

import { randomBytes } from 'node:crypto';
import { isRecord, type JsonRecord, textOf } from '../../integrations/json.js';
import { type Connection, callServer } from '../connection.js';
import { listAll } from '../listing.js';

/** Between two looks into the inbox, in ms, and how many of them before nobody is expected any more. */
const LOOK_MS = 50;
const LOOKS_MAX = 600;

export class Approver {
  private constructor(
    readonly name: string,
    private readonly connection: Connection,
  ) {}

  /** Adds a person who answers one tenant's approvals, and signs them in. */
  static async signedIn(admin: Connection, tenantId: string): Promise<Approver> {
    const name = `ada-${randomBytes(3).toString('hex')}`;
    const operator = { name, roles: ['approver'], tenants: [tenantId] };
    const added = await callServer(admin, 'POST', '/admin/operators', operator);
    const credentials = {
      name,
      password: textOf(added, 'one_time_password'),
      new_password: randomBytes(18).toString('base64url'),
    };
    const { token } = await callServer({ ...admin, adminKey: '' }, 'POST', '/auth/sign-in', credentials);
    return new Approver(name, { url: admin.url, adminKey: '', token: String(token) });
  }

  /** Every question that a session has put, newest first. */
  asked(tenantId: string, sessionScope: string): Promise<JsonRecord[]> {
    const query = { tenant_id: tenantId, session_scope: sessionScope };
    return listAll(this.connection, '/admin/approvals', 'approvals', query);
  }

  /** The question that a session waits for, with the call as it would run; null when it asks nothing. */
  async waiting(tenantId: string, sessionScope: string): Promise<JsonRecord | null> {
    for (let look = 0; look < LOOKS_MAX; look++) {
      const open = (await this.asked(tenantId, sessionScope)).find(({ status }) => status === 'PENDING');
      const id = open === undefined ? null : textOf(open, 'approval_id');
      if (id !== null) return this.send('GET', id);
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
    return null;
  }

  answer(approval: JsonRecord, answer: 'approve' | 'reject', note: string): Promise<JsonRecord> {
    return this.send('POST', `${textOf(approval, 'approval_id')}/answer`, { answer, note });
  }

  private send(method: 'GET' | 'POST', path: string, body?: object): Promise<JsonRecord> {
    return callServer(this.connection, method, `/admin/approvals/${path}`, body);
  }
}

/** The points that a yes adds where the session is short of them. */
export function missingPoints({ missing_points: missing }: JsonRecord): number {
  if (!Array.isArray(missing)) return 0;
  return missing.filter(isRecord).reduce((sum, { points }) => sum + Number(points), 0);
}
