/** Prisma's client. */
import type { Library } from '../library.js';
import { disturbs } from '../verdicts.js';

export const prismaClient: Library = {
  name: 'Prisma',
  modules: /^@prisma\/client[\w/-]*$/,
  globals: /^(?:prisma|PrismaClient|PrismaService|prismaClient)$/,
  reaches: 'store',
  calls: [
    {
      call: /\.delete$/,
      verdict: disturbs('It deletes one record.', { verb: 'delete', kind: 'db.write' }),
    },
  ],
  examples: [
    { run: `node -e "prisma.user.deleteMany()"`, tier: 4, points: 150 },
    { run: `node -e "prisma.user.deleteMany({})"`, tier: 4, points: 150 },
    { run: `node -e "prisma.user.deleteMany({ where: {} })"`, tier: 4, points: 150 },
    { run: `node -e "prisma.user.deleteMany({ where: { old: true } })"`, tier: 3, points: 40 },
    { run: `node -e "prisma.user.delete({ where: { id: 1 } })"`, tier: 3, points: 20 },
    { run: `node -e "prisma.user.findMany().then(console.log)"`, tier: 1, points: 1 },
    { run: `node -e "prisma.\\$executeRawUnsafe('TRUNCATE users')"`, tier: 4, points: 150 },
  ],
};
