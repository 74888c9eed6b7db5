/** The client of Supabase. */
import type { Library } from '../library.js';
import { destroys, disturbs } from '../verdicts.js';

export const supabaseClient: Library = {
  name: 'Supabase',
  modules: /^(?:@supabase\/[\w-]+|supabase)$/,
  globals: /^supabase(?:Admin|Client)?$/,
  reaches: 'store',
  calls: [
    {
      call: /\b(?:emptyBucket|empty_bucket|deleteBucket|delete_bucket)$/,
      verdict: destroys('It empties or deletes a bucket.', 'collection'),
    },
    {
      call: /\b(?:deleteUser|delete_user)$/,
      verdict: disturbs('It deletes one user.', { verb: 'delete' }),
    },
  ],
  examples: [
    { run: `node -e "supabase.from('users').delete()"`, tier: 4, points: 150 },
    { run: `node -e "supabase.from('users').delete().neq('id', 0)"`, tier: 4, points: 150 },
    { run: `node -e "supabase.from('users').delete().eq('id', 7)"`, tier: 3, points: 40 },
    { run: `node -e "supabase.from('users').select().order('id')"`, tier: 1, points: 1 },
    { run: `node -e "supabase.storage.emptyBucket('files')"`, tier: 4, points: 150 },
  ],
};
