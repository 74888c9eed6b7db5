/** Libraries that build SQL: Knex, Sequelize, TypeORM, Drizzle, SQLAlchemy and their like. */
import type { Library } from '../library.js';
import { destroys } from '../verdicts.js';

export const sqlBuilders: Library = {
  name: 'SQL builder',
  modules:
    /^(?:knex|objection|sequelize[\w-]*|typeorm|drizzle-orm[\w/-]*|kysely|@mikro-orm\/[\w-]+|sqlalchemy[\w.]*|flask_sqlalchemy|sqlmodel|peewee|tortoise[\w.]*|pony\.orm|gorm\.io\/gorm|Illuminate[\w\\]*|Doctrine[\w\\]*|sequel)$/,
  globals: /^(?:knex|sequelize|Sequelize|getRepository|dataSource|DataSource|queryRunner|getConnection)$/,
  within: /^(?:drop_all|dropAllSchemas|getRepository|createQueryBuilder|queryInterface|knex)$/,
  shows: /\.(?:destroy|sync|findAll|bulkCreate)\s*\(\s*\{\s*(?:where|truncate|force)\b/,
  reaches: 'store',
  calls: [
    {
      call: /\b(?:drop_all|dropAllSchemas|dropAllTables|dropSchema|dropDatabase|drop_database)$/,
      verdict: destroys('It drops every table.', 'system', 'db.schema_change'),
    },
    {
      call: /^(?:sequelize|db)\.drop$/,
      verdict: destroys('It drops every table.', 'system', 'db.schema_change'),
    },
    {
      call: /\.(?:sync|synchronize)$/,
      given: /\bforce\s*:\s*true|^\s*true/,
      verdict: destroys('It drops every table and builds it anew.', 'system', 'db.schema_change'),
    },
    {
      call: /\.destroy$/,
      given: /\btruncate\s*:\s*true/,
      verdict: destroys('It empties a whole table.', 'collection', 'db.write'),
    },
  ],
  examples: [
    { run: `node -e "knex('users').del()"`, tier: 4, points: 150 },
    { run: `node -e "knex('users').where('id', 7).del()"`, tier: 3, points: 40 },
    { run: `node -e "const db = require('knex')(o); db('users').truncate()"`, tier: 4, points: 150 },
    { run: `node -e "sequelize.sync({ force: true })"`, tier: 4, points: 500 },
    { run: `node -e "getRepository(User).clear()"`, tier: 4, points: 150 },
    { run: `node -e "require('./models').User.destroy({ where: {} })"`, tier: 4, points: 150 },
    { run: `node -e "require('./db').sequelize.sync({ force: true })"`, tier: 4, points: 500 },
    {
      run: `node -e "const { drizzle } = require('drizzle-orm/node-postgres'); const db = drizzle(u); db.delete(users)"`,
      tier: 4,
      points: 150,
    },
    {
      run: `node -e "const { drizzle } = require('drizzle-orm/node-postgres'); const db = drizzle(u); db.delete(users).where(eq(users.id, 7))"`,
      tier: 3,
      points: 40,
    },
    { run: `python -c "from app import db; db.drop_all()"`, tier: 4, points: 500 },
    {
      run: `python -c "from sqlalchemy.orm import Session; s = Session(e); s.query(User).delete()"`,
      tier: 4,
      points: 150,
    },
    {
      run: `python -c "from sqlalchemy import create_engine; print(create_engine(u).connect())"`,
      tier: 1,
      points: 1,
    },
  ],
};
