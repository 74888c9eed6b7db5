/** How fast a rebuild says that it is. */

import { Pace } from '../../src/cli/pace.js';

describe('the pace of a rebuild', () => {
  it('is that of each read model since it was first seen', () => {
    const pace = new Pace();
    expect(pace.at('balances', 500, 0)).toBeNull();
    expect(pace.at('balances', 600, 100)).toBeNull();
    expect(pace.at('balances', 2_500, 1_000)).toBe(2_000);
    expect(pace.at('actions', 0, 1_000)).toBeNull();
    expect(pace.at('actions', 0, 2_000)).toBe(0);
  });
});
