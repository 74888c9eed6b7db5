/** The clients of MongoDB. */
import type { Library } from '../library.js';
import { destroys } from '../verdicts.js';

export const mongoClient: Library = {
  name: 'MongoDB',
  modules:
    /^(?:pymongo[\w.]*|motor[\w.]*|mongoengine[\w.]*|beanie|mongodb|mongoose|mongoid|mongo|go\.mongodb\.org\/mongo-driver[\w./-]*|MongoDB[\w\\.]*|com\.mongodb[\w.]*)$/,
  globals: /^(?:MongoClient|AsyncIOMotorClient|mongoose)$/,
  within:
    /^(?:dropDatabase|drop_database|dropCollection|drop_collection|deleteMany|delete_many|deleteOne|delete_one)$/,
  reaches: 'store',
  calls: [
    {
      call: /\bdrop_?database$/i,
      verdict: destroys('It drops a whole database.', 'system', 'db.schema_change'),
    },
    {
      call: /\bdrop_?collection$/i,
      verdict: destroys('It drops a whole collection.', 'collection', 'db.schema_change'),
    },
  ],
  examples: [
    { run: `node -e "c.db('app').dropDatabase()"`, tier: 4, points: 500 },
    {
      run: `python -c "from pymongo import MongoClient; MongoClient().drop_database('app')"`,
      tier: 4,
      points: 500,
    },
    {
      run: `node -e "const m = require('mongoose'); m.connection.collection('users').deleteMany({})"`,
      tier: 4,
      points: 150,
    },
    {
      run: `python -c "import pymongo; pymongo.MongoClient().app.users.delete_many({'old': True})"`,
      tier: 3,
      points: 40,
    },
    {
      run: `python -c "import pymongo; pymongo.MongoClient().app.users.delete_one({'_id': 1})"`,
      tier: 3,
      points: 20,
    },
    {
      run: `python -c "import pymongo; print(pymongo.MongoClient().app.users.find_one())"`,
      tier: 1,
      points: 1,
    },
  ],
};
