/** The API of the Docker engine, over its socket, its usual ports or any address. */
import { type Provider, route } from '../provider.js';
import { changesElsewhere, deploys, destroys, disturbs, escalates } from '../verdicts.js';

const socket = 'curl --unix-socket /var/run/docker.sock http://localhost';
const local = changesElsewhere('It changes what runs in containers here.');

export const dockerApi: Provider = {
  name: 'docker',
  hosts: ['docker.sock', '*:2375', '*:2376'],
  paths:
    /^\/v1\.\d\d\/(?:containers|images|volumes|networks|exec|services|swarm|nodes|system|build|plugins)\b/,
  controlPlane: false,
  routes: [
    route(
      'DELETE',
      /\/volumes\/[^/]+$/,
      destroys('It deletes a volume with its data.', 'system', 'storage.delete'),
    ),
    route(
      'POST',
      /\/volumes\/prune$/,
      destroys('It deletes every unused volume with its data.', 'system', 'storage.delete'),
    ),
    route(
      'DELETE',
      /\/containers\/[^/]+$/,
      destroys('It deletes a container with its volumes.', 'system', 'storage.delete'),
      { query: /(?:^|&)v=(?:1|true)/i },
    ),
    route(
      'DELETE',
      /\/(?:services|stacks|nodes|secrets|configs)\/[^/]+$/,
      destroys('It deletes a service.', 'collection'),
    ),
    route(
      'POST',
      /\/containers\/create$/,
      escalates('What a container may see of the host stands in its body.', 'object'),
    ),
    route(
      'POST',
      /\/exec\/[^/]+\/start$|\/containers\/[^/]+\/exec$/,
      escalates('It runs a command in a container.'),
    ),
    route('POST', /\/images\/[^?]+\/push$/, deploys('It publishes an image.')),
    route('POST', /\/(?:services|swarm)\b/, deploys('It changes what runs in the cluster.')),
    route('POST|PUT|DELETE', /\/(?:containers|images|networks|build|commit|auth)\b/, local),
  ],
  worst: destroys('The worst call deletes every volume.', 'system', 'storage.delete'),
  otherwise: disturbs('A change to the engine that the catalogue does not list.'),
  examples: [
    { run: `${socket}/v1.41/containers/json`, tier: 0, points: 0 },
    { run: `${socket}/v1.41/volumes/pgdata -X DELETE`, tier: 4, points: 500 },
    { run: `${socket}/volumes/prune -X POST`, tier: 4, points: 500 },
    { run: 'curl -X DELETE http://build.internal:2375/volumes/pgdata', tier: 4, points: 500 },
    { run: `${socket}/v1.41/containers/web/restart -X POST`, tier: 2, points: 5 },
  ],
};
