/** A whole server in a directory of its own, with a tenant whose sessions have a risk budget. */

import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../../src/config.js';
import { type RunningServer, type StartOptions, startServer } from '../../src/main.js';
import { chosenStore, leaveStore } from '../http/chosen-store.js';

export interface Reply {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

export const TENANT = 'acme';

export class GateServer {
  private constructor(
    readonly dataDir: string,
    private readonly server: RunningServer,
  ) {}

  static async start(options: StartOptions = {}): Promise<GateServer> {
    const dataDir = mkdtempSync(join(tmpdir(), 'countersign-gate-'));
    const config = readConfig({
      COUNTERSIGN_PORT: '0',
      COUNTERSIGN_DATA_DIR: dataDir,
      COUNTERSIGN_LOG_LEVEL: 'silent',
      ...(await chosenStore(dataDir)),
    });
    const started = new GateServer(dataDir, await startServer(config, options));
    await started.admin('POST', '/v1/admin/tenants', { tenant_id: TENANT, name: 'Acme' });
    return started;
  }

  get url(): string {
    return this.server.url;
  }

  get adminKey(): string {
    return this.server.adminKey;
  }

  stop(): Promise<void> {
    return this.server.close();
  }

  async remove(): Promise<void> {
    await this.stop();
    await leaveStore(this.dataDir);
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  /** Gives every session of an app that many points. */
  sessions(app: string, points: number): Promise<Reply> {
    return this.admin('POST', '/admin/budget-templates', {
      tenant_id: TENANT,
      scope_pattern: `tenant:${TENANT}/app:${app}/workflow:*`,
      unit: 'RISK_POINTS',
      allocated: { unit: 'RISK_POINTS', amount: points },
    });
  }

  /** A key with nothing but `reservations:create`, unless told otherwise; its secret. */
  async key(changes: object = {}): Promise<string> {
    const { body } = await this.admin('POST', '/admin/api-keys', {
      tenant_id: TENANT,
      name: 'harness',
      permissions: ['reservations:create'],
      fixed_subject: { app: 'ide' },
      ...changes,
    });
    return String(body['key_secret']);
  }

  admin(method: string, path: string, body?: object): Promise<Reply> {
    return this.send(method, path, { 'x-admin-api-key': this.adminKey }, body);
  }

  post(key: string, path: string, body: object, headers: Record<string, string> = {}): Promise<Reply> {
    return this.send('POST', path, { 'x-cycles-api-key': key, ...headers }, body);
  }

  submit(key: string, changes: object = {}): Promise<Reply> {
    return this.post(key, '/gate/tool-calls', submission(changes));
  }

  /** The session's rows of the audit record, oldest first. */
  async actions(sessionId: string): Promise<Record<string, never>[]> {
    const query = new URLSearchParams({ tenant_id: TENANT, session_id: sessionId });
    const { body } = await this.admin('GET', `/audit/actions?${query}`);
    return (body['actions'] as Record<string, never>[]).reverse();
  }

  private async send(
    method: string,
    path: string,
    headers: Record<string, string>,
    body?: object,
  ): Promise<Reply> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }
}

/** A tool call of a session of its own: `git push` of a feature branch, 5 points. */
export const submission = (changes: object = {}): Record<string, unknown> => ({
  idempotency_key: randomUUID(),
  harness: 'test',
  session_id: randomUUID(),
  tool: shell('git push origin feature'),
  cwd: '/repo',
  ...changes,
});

export const shell = (command: string): object => ({ name: 'Shell', input: { command } });
