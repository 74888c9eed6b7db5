/** docker-compose, the older program of its own. */
import { on, type Program } from '../program.js';
import { deploys, destroys, reads } from '../verdicts.js';
import { docker } from './docker.js';

const look = reads();

export const dockerCompose: Program = {
  ...docker,
  programs: ['docker-compose', 'podman-compose'],
  rules: [
    on('exec|run', { atLeast: 2 }, { wraps: 'command', skip: 1, place: 'container' }),
    on(
      'down',
      { flags: ['-v', '--volumes'] },
      destroys('It deletes the volumes of the project with their data.', 'system', 'storage.delete'),
    ),
    on('rm', { flags: ['-v'] }, destroys('It deletes the volumes of a service.', 'system', 'storage.delete')),
    on('push', {}, deploys('It publishes an image.')),
    on('ps|logs|config|images|top|version|ls', {}, look),
  ],
  examples: [
    { run: 'docker-compose up -d', tier: 1, points: 0 },
    { run: 'docker-compose down --volumes', tier: 4, points: 500 },
  ],
};
