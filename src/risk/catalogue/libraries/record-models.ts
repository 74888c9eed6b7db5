/** Models that stand for tables: Django's and ActiveRecord's. */
import type { Library } from '../library.js';

export const djangoModels: Library = {
  name: 'Django model',
  modules: /^django\.(?:db|contrib\.auth\.models)[\w.]*$/,
  within: /^(?:objects|_default_manager|_base_manager)$/,
  reaches: 'store',
  examples: [
    { run: `python -c "User.objects.all().delete()"`, tier: 4, points: 150 },
    { run: `python -c "User.objects.filter(old=True).delete()"`, tier: 3, points: 40 },
    { run: `python -c "print(User.objects.all().count())"`, tier: 1, points: 1 },
  ],
};

export const flaskModels: Library = {
  name: 'Flask-SQLAlchemy model',
  modules: /^flask_sqlalchemy$/,
  shows: /\b[A-Z]\w*\.query\b/,
  within: /^query$/,
  reaches: 'store',
  examples: [
    { run: `python -c "from app import User; User.query.delete()"`, tier: 4, points: 150 },
    { run: `python -c "from app import User; User.query.filter_by(id=7).delete()"`, tier: 3, points: 40 },
    { run: `python -c "from app import User; print(User.query.count())"`, tier: 1, points: 1 },
  ],
};

export const activeRecord: Library = {
  name: 'ActiveRecord',
  modules: /^(?:active_record|activerecord|rails)$/,
  globals: /^(?:ActiveRecord|ApplicationRecord)$/,
  within: /^(?:delete_all|destroy_all|delete_by|destroy_by|drop_table|truncate_tables|update_all)$/,
  reaches: 'store',
  examples: [
    { run: `ruby -e 'User.delete_all'`, tier: 4, points: 150 },
    { run: `ruby -e 'User.destroy_all'`, tier: 4, points: 150 },
    { run: `ruby -e 'User.where(old: true).delete_all'`, tier: 3, points: 40 },
    { run: `ruby -e 'ActiveRecord::Base.connection.drop_table(:users)'`, tier: 4, points: 150 },
    { run: `ruby -e 'puts User.count'`, tier: 1, points: 1 },
  ],
};
