/** HTTPie and its like; the engine reads their requests. */
import type { Program } from '../program.js';
import { reads } from '../verdicts.js';

const look = reads();

export const httpie: Program = {
  programs: ['http', 'https', 'xh', 'xhs'],
  extractor: 'httpie',
  rules: [],
  otherwise: look,
  examples: [
    { run: 'http GET example.com', tier: 0, points: 0 },
    {
      run: 'http POST backboard.railway.app/graphql/v2 query="mutation { volumeDelete(volumeId: \\"1\\") }"',
      tier: 4,
      points: 500,
    },
  ],
};
