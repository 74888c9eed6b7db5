/** How the client keeps its connections to the gate, and outlives those that the gate has closed. */

import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { postToGate } from '../../src/integrations/gate-client.js';

describe('A connection to the gate', () => {
  let server: Server;
  let url: string;
  /** The connection that each request came on, by number. */
  let came: number[];
  /** What the server does instead of answering. */
  let instead: (request: number, socket: Socket) => boolean;

  beforeEach(async () => {
    came = [];
    instead = () => false;
    const sockets: Socket[] = [];
    server = createServer((request, response) => {
      const { socket } = request;
      if (!sockets.includes(socket)) sockets.push(socket);
      came.push(sockets.indexOf(socket));
      request.resume();
      if (!instead(came.length, socket)) response.end('{}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  const post = (keepsConnections: boolean) =>
    postToGate({ url, apiKey: 'k', keepsConnections }, '/', {}, 5_000);

  it.each([
    ['kept', true, [0, 0, 0]],
    ['not kept unless that is wanted', false, [0, 1, 2]],
  ])('is %s', async (_what, keepsConnections, connections) => {
    for (const _ of connections) expect(await post(keepsConnections)).toEqual({ status: 200, body: {} });
    expect(came).toEqual(connections);
  });

  it('that was closed while it was kept does not fail the next call', async () => {
    instead = (request, socket) => request === 2 && socket.destroy().destroyed;
    await post(true);
    expect(await post(true)).toEqual({ status: 200, body: {} });
    expect(came).toEqual([0, 0, 1]);
  });

  it('that is closed again fails the call', async () => {
    instead = (request, socket) => request >= 2 && socket.destroy().destroyed;
    await post(true);
    await expect(post(true)).rejects.toThrow('closed the connection');
    expect(came).toEqual([0, 0, 1]);
  });
});
