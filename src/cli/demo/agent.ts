/** The agent of the story: what it types, and the harness (Cursor) that runs it, with or without the hook. */

import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { isRecord, parseJson, textOf } from '../../integrations/json.js';

const PROGRAM = fileURLToPath(new URL('../countersign.js', import.meta.url));

/** How a shell ends when it does not find the program. */
const COMMAND_NOT_FOUND = 127;

/** What a process printed and how it ended. */
export interface Ran {
  readonly output: string;
  readonly exitCode: number;
}

/** Cursor's answer to a hook: what the hook printed, read as Cursor reads it. */
export interface Permission {
  readonly allowed: boolean;
  readonly message: string | null;
  readonly tookMs: number;
}

/** The agent's requests to one host, as the commands it types. */
export class Agent {
  constructor(
    private readonly host: string,
    private readonly token: string,
  ) {}

  /** The request as the agent of the incident sent it, but for the host. */
  curl(query: string): string {
    return [
      `curl -sS -X POST ${this.url} \\`,
      `  -H "Authorization: ${this.authorization}" \\`,
      `  -d '${JSON.stringify({ query })}'`,
    ].join('\n');
  }

  /** Runs the command as a harness does; on a machine without curl the same request is sent all the same. */
  async send(query: string): Promise<Ran> {
    const ran = await run('sh', ['-c', this.curl(query)], '', process.env).catch(() => null);
    return ran === null || ran.exitCode === COMMAND_NOT_FOUND ? this.sendWithoutCurl(query) : ran;
  }

  private async sendWithoutCurl(query: string): Promise<Ran> {
    const headers = { authorization: this.authorization, 'content-type': 'application/json' };
    const response = await fetch(this.url, { method: 'POST', headers, body: JSON.stringify({ query }) });
    return { output: await response.text(), exitCode: 0 };
  }

  private get url(): string {
    return `http://${this.host}/graphql/v2`;
  }

  private get authorization(): string {
    return `Bearer ${this.token}`;
  }
}

/** One session of the agent in Cursor, with Countersign's hook registered before and after shell commands. */
export class CursorSession {
  private generation = 0;

  constructor(
    readonly conversationId: string,
    private readonly cwd: string,
    private readonly environment: NodeJS.ProcessEnv,
  ) {}

  /** Asks the hook, as a process of its own, with the JSON that Cursor writes to it. */
  async beforeShell(command: string): Promise<Permission> {
    this.generation += 1;
    const startedMs = performance.now();
    const { output } = await this.hook('beforeShellExecution', { command, cwd: this.cwd, sandbox: false });
    const tookMs = Math.round(performance.now() - startedMs);
    const answer = parseJson(output);
    if (!isRecord(answer)) return { allowed: false, message: null, tookMs };
    return { allowed: answer['permission'] === 'allow', message: textOf(answer, 'user_message'), tookMs };
  }

  /** Another conversation on the same machine. */
  another(conversationId: string): CursorSession {
    return new CursorSession(conversationId, this.cwd, this.environment);
  }

  async afterShell(command: string, { output }: Ran): Promise<void> {
    await this.hook('afterShellExecution', { command, output, duration: 0 });
  }

  private hook(event: string, fields: object): Promise<Ran> {
    const payload = {
      conversation_id: this.conversationId,
      generation_id: `generation-${this.generation}`,
      model: 'demo',
      hook_event_name: event,
      cursor_version: '3.2.0',
      workspace_roots: [this.cwd],
      user_email: null,
      transcript_path: null,
      ...fields,
    };
    return run(process.execPath, [PROGRAM, 'hook', 'cursor'], JSON.stringify(payload), this.environment);
  }
}

/** Runs a program to its end. */
export function run(
  program: string,
  args: string[],
  input: string,
  environment: NodeJS.ProcessEnv,
): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env: environment, stdio: ['pipe', 'pipe', 'pipe'] });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', reject);
    child.on('close', (code) =>
      resolve({ output: Buffer.concat(chunks).toString('utf8'), exitCode: code ?? 1 }),
    );
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}
