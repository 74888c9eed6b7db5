/** A stand-in for Railway's GraphQL API on this machine: one project, one volume, its backups inside it. */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { buildSchema, graphql } from 'graphql';

const SCHEMA = buildSchema(`
  type Query { me: User!  volumes: [Volume!]! }
  type Mutation { volumeDelete(volumeId: String!): Boolean! }
  type User { name: String! }
  type Volume { id: ID!  name: String!  sizeGb: Int!  backups: Int! }
`);

export interface Volume {
  readonly id: string;
  readonly name: string;
  readonly sizeGb: number;
  /** How many backups lie in the volume itself, and go with it. */
  readonly backups: number;
}

/** What Railway would have had at the time. */
export const PRODUCTION_VOLUME: Volume = {
  id: '3d2c42fb-9a1e-4c57-8f0b-6e7d1c2b5a94',
  name: 'postgres-production',
  sizeGb: 412,
  backups: 14,
};

export interface RailwayStandIn {
  /** `127.0.0.1:<port>`. */
  readonly host: string;
  /** How many requests have come in since the last restore. */
  requests(): number;
  volume(): Volume | null;
  restore(): void;
  close(): Promise<void>;
}

/** Starts on any free port of the loopback interface; answers requests that carry the token. */
export async function startRailwayStandIn(token: string): Promise<RailwayStandIn> {
  let volume: Volume | null = PRODUCTION_VOLUME;
  let requests = 0;
  const root = {
    me: () => ({ name: 'Ada Lovelace' }),
    volumes: () => (volume === null ? [] : [volume]),
    volumeDelete: ({ volumeId }: { volumeId: string }) => {
      const found = volume?.id === volumeId;
      if (found) volume = null;
      return found;
    },
  };
  const server = createServer((request, response) => {
    requests += 1;
    void answer(request, response, { root, token });
  });
  const host = await listen(server);
  return {
    host,
    requests: () => requests,
    volume: () => volume,
    restore: () => {
      volume = PRODUCTION_VOLUME;
      requests = 0;
    },
    close: () => close(server),
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { root, token }: { root: object; token: string },
): Promise<void> {
  const reply = (status: number, body: object): void => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
  if (request.method !== 'POST' || request.url !== '/graphql/v2')
    return reply(404, { errors: ['Not found'] });
  if (request.headers.authorization !== `Bearer ${token}`) return reply(401, { errors: ['Not authorized'] });
  const source = queryOf(await bodyOf(request));
  if (source === null) return reply(400, { errors: ['No query'] });
  reply(200, await graphql({ schema: SCHEMA, source, rootValue: root }));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function queryOf(body: string): string | null {
  try {
    const { query } = JSON.parse(body) as { query?: unknown };
    return typeof query === 'string' ? query : null;
  } catch {
    return null;
  }
}

const listen = (server: Server): Promise<string> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(`127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`);
    });
  });

const close = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.closeAllConnections();
    server.close(() => resolve());
  });
