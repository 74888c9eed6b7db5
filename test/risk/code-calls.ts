/** Code that calls client libraries, and ordinary code that looks alike. */
export interface CodeCase {
  readonly run: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly points: number;
}

/** With the least that each must cost. */
export const GRAVE_CALLS: readonly CodeCase[] = [
  {
    run: "python -c \"import boto3; getattr(boto3.client('rds'),'delete_'+'db_instance')(DBInstanceIdentifier='x')\"",
    points: 500,
  },
  {
    run: "python -c \"import boto3; f=getattr(boto3.client('rds'),'delete_db_instance'); f(DBInstanceIdentifier='x')\"",
    points: 500,
  },
  {
    run: "python -c \"import boto3; getattr(boto3.client('rds'),op)(DBInstanceIdentifier='x')\"",
    points: 20,
  },
  {
    run: "python -c \"import boto3; boto3.client('rds').delete_db_snapshot(DBSnapshotIdentifier='x')\"",
    points: 500,
  },
  {
    run: "python -c \"import boto3 as b; c=b.client('ec2'); c.terminate_instances(InstanceIds=['i'])\"",
    points: 500,
  },
  {
    run: "python -c \"import boto3; boto3.client('ec2').delete_volume(VolumeId='v')\"",
    points: 500,
  },
  {
    run: "python -c \"import boto3; boto3.client('dynamodb').delete_table(TableName='t')\"",
    points: 150,
  },
  {
    run: "python -c \"import boto3; boto3.client('rds')._make_api_call('DeleteDBInstance',{})\"",
    points: 500,
  },
  {
    run: "node -e \"const AWS=require('aws-sdk'); new AWS.RDS().deleteDBInstance({DBInstanceIdentifier:'x'}).promise()\"",
    points: 500,
  },
  {
    run: 'node -e "import(\'@aws-sdk/client-rds\').then(({RDS})=>new RDS().deleteDBInstance({}))"',
    points: 500,
  },
  {
    run: 'node -e "import(\'@aws-sdk/client-rds\').then(m=>new m.RDSClient({}).send(new m.DeleteDBInstanceCommand({})))"',
    points: 500,
  },
  {
    run: 'node x.mjs',
    files: {
      'x.mjs':
        "import { RDSClient, DeleteDBInstanceCommand } from '@aws-sdk/client-rds';\nconst c = new RDSClient({});\nawait c.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier: 'p' }));\n",
    },
    points: 500,
  },
  {
    run: 'npx tsx x.ts',
    files: {
      'x.ts':
        "import { RDSClient, DeleteDBInstanceCommand } from '@aws-sdk/client-rds';\nconst c = new RDSClient({});\nawait c.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier: 'p' }));\n",
    },
    points: 500,
  },
  {
    run: 'python x.py',
    files: {
      'x.py':
        "import boto3\n\ndef wipe(client):\n    client.delete_db_instance(DBInstanceIdentifier='p', SkipFinalSnapshot=True)\n\nwipe(boto3.client('rds'))\n",
    },
    points: 500,
  },
  {
    run: 'ruby x.rb',
    files: {
      'x.rb':
        "require 'aws-sdk-rds'\nrds = Aws::RDS::Client.new\nrds.delete_db_instance db_instance_identifier: 'p'\n",
    },
    points: 500,
  },
  {
    run: 'php x.php',
    files: {
      'x.php':
        "<?php\nuse Aws\\Rds\\RdsClient;\n$c = new RdsClient([]);\n$c->deleteDBInstance(['DBInstanceIdentifier' => 'p']);\n",
    },
    points: 500,
  },
  {
    run: "node -e \"require('knex')(c)('users').del()\"",
    points: 150,
  },
  {
    run: "node -e \"prisma['user']['deleteMany']()\"",
    points: 150,
  },
  {
    run: 'node -e "db.users.deleteMany({})"',
    points: 150,
  },
  {
    run: 'node -e "mongoose.connection.db.dropDatabase()"',
    points: 500,
  },
  {
    run: 'node -e "mongoose.connect(u).then(m=>m.connection.dropDatabase())"',
    points: 500,
  },
  {
    run: "python -c \"import pymongo; pymongo.MongoClient(u)['app'].command('dropDatabase')\"",
    points: 500,
  },
  {
    run: 'python -c "import redis; redis.from_url(u).execute_command(\'FLUSHALL\')"',
    points: 500,
  },
  {
    run: 'node -e "redis.call(\'flushall\')"',
    points: 500,
  },
  {
    run: 'node -e "r.sendCommand([\'FLUSHALL\'])"',
    points: 500,
  },
  {
    run: 'ruby -e "User.send(:delete_all)"',
    points: 150,
  },
  {
    run: 'ruby -e "User.public_send(\'delete_all\')"',
    points: 150,
  },
  {
    run: 'python -c "from kubernetes import client as c,config; config.load_kube_config(); c.CoreV1Api().delete_namespace(name=\'p\')"',
    points: 500,
  },
  {
    run: 'python -c "from google.cloud import bigquery; bigquery.Client().delete_table(\'t\')"',
    points: 150,
  },
  {
    run: 'node -e "models.User.destroy({where:{},truncate:true}); sequelize"',
    points: 150,
  },
  {
    run: "node -e \"const {User}=require('./models'); const s=require('sequelize'); User.destroy({ where: {} })\"",
    points: 150,
  },
  {
    run: 'node -e "require(\'typeorm\').getConnection().dropDatabase()"',
    points: 500,
  },
  {
    run: 'python x.py',
    files: {
      'x.py': 'from django.contrib.auth.models import User\nUser.objects.all().delete()\n',
    },
    points: 150,
  },
  {
    run: 'python -c "import stripe; stripe.Payout.create(amount=1)"',
    points: 50,
  },
  {
    run: 'node -e "client.query(\'TRUNCATE users\')"',
    points: 150,
  },
  {
    run: 'node -e "weird(\'TRUNCATE users\')"',
    points: 150,
  },
  {
    run: 'ruby -e "x.frobnicate(\'DROP DATABASE app\')"',
    points: 500,
  },
  {
    run: 'node -e "api.deleteProject(\'x\')"',
    points: 20,
  },
];

/** With the most that each may cost. */
export const CALM_CALLS: readonly CodeCase[] = [
  {
    run: 'python -c "l=[1]; l.remove(1); print(l)"',
    points: 1,
  },
  {
    run: 'node -e "const m=new Map(); m.delete(\'k\'); m.clear(); new Set().clear()"',
    points: 1,
  },
  {
    run: "node -e \"require('fs').rmSync('dist',{recursive:true,force:true})\"",
    points: 1,
  },
  {
    run: 'python -c "import os; os.remove(\'tmp.txt\')"',
    points: 1,
  },
  {
    run: 'node -e "document.removeAllListeners(); x.removeEventListener(\'a\',b)"',
    points: 1,
  },
  {
    run: 'node -e "const a=[1,2]; a.splice(0,1); console.log(a.map(x=>x).filter(Boolean))"',
    points: 1,
  },
  {
    run: "python -c \"import boto3; s=boto3.client('s3'); print(s.list_buckets()['Buckets'])\"",
    points: 1,
  },
  {
    run: 'python -c "import boto3; print(boto3.client(\'sts\').get_caller_identity())"',
    points: 1,
  },
  {
    run: 'node -e "const {PrismaClient}=require(\'@prisma/client\'); const p=new PrismaClient(); p.user.count().then(console.log).finally(()=>p.\\$disconnect())"',
    points: 1,
  },
  {
    run: "python -c \"from sqlalchemy import create_engine, text; e=create_engine('sqlite://'); print(e.connect().execute(text('select 1')).scalar())\"",
    points: 1,
  },
  {
    run: 'node -e "console.log(\'dropDatabase() and delete_db_instance()\')"',
    points: 1,
  },
  {
    run: "node -e \"console.log('Delete from the list', 'select one')\"",
    points: 1,
  },
  {
    run: 'python x.py',
    files: {
      'x.py':
        "# client.delete_db_instance is never called here\nimport boto3\nprint(boto3.client('rds').describe_db_instances())\n",
    },
    points: 1,
  },
  {
    run: 'node x.mjs',
    files: {
      'x.mjs':
        "import express from 'express';\nconst app = express();\napp.delete('/users/:id', (q, r) => r.send('x'));\napp.listen(3000);\n",
    },
    points: 1,
  },
  {
    run: 'node x.mjs',
    files: {
      'x.mjs':
        "import { readFile } from 'node:fs/promises';\nconst cache = new Map();\nfunction clearDatabaseCache() { cache.clear(); }\nclearDatabaseCache();\nconsole.log(await readFile('x', 'utf8'));\n",
    },
    points: 1,
  },
  {
    run: 'npx tsx prisma/seed.ts',
    files: {
      'prisma/seed.ts':
        "import { PrismaClient } from '@prisma/client';\nconst prisma = new PrismaClient();\nasync function main() {\n await prisma.user.create({ data: { name: 'a' } });\n await prisma.post.create({ data: { title: 'b' } });\n}\nmain().finally(() => prisma.$disconnect());\n",
    },
    points: 5,
  },
];
