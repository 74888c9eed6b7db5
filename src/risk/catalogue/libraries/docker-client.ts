/** The clients of Docker. */
import type { Library } from '../library.js';
import { rebuilds } from '../verdicts.js';

export const dockerClient: Library = {
  name: 'Docker',
  modules:
    /^(?:docker[\w.]*|aiodocker|python_on_whales|podman|dockerode|docker-api|github\.com\/docker\/docker[\w./-]*)$/,
  globals: /^(?:Docker|dockerode)$/,
  reaches: 'service',
  calls: [
    {
      call: /\b(?:containers?|images?|networks?|getContainer|getImage)\.(?:\w+\.)*(?:remove|kill|prune|stop|start|restart|create)$/,
      verdict: rebuilds('It changes containers or images, which can be made anew.'),
    },
    { call: /\.from_env$/, verdict: null },
  ],
  examples: [
    {
      run: `python -c "import docker; docker.from_env().volumes.get('pg').remove(force=True)"`,
      tier: 4,
      points: 500,
    },
    {
      run: `node -e "const Docker = require('dockerode'); new Docker().getVolume('pg').remove()"`,
      tier: 4,
      points: 500,
    },
    {
      run: `python -c "import docker; docker.from_env().containers.get('web').remove()"`,
      tier: 1,
      points: 0,
    },
  ],
};
