/** The libraries of Amazon Web Services. */
import type { Library } from '../library.js';
import { destroys } from '../verdicts.js';

export const awsSdk: Library = {
  name: 'AWS',
  modules:
    /^(?:boto3?|botocore|aioboto3|aiobotocore|aws-sdk[\w-]*|aws-sdk\/[\w/-]+|@aws-sdk\/[\w-]+|Aws(?:\\[\w\\]+)?|github\.com\/aws\/aws-sdk-go[\w./-]*|software\.amazon\.awssdk[\w.]*|com\.amazonaws[\w.]*)$/,
  globals: /^(?:boto3|botocore|AWS|Aws)$/,
  reaches: 'service',
  calls: [
    { call: /\.(?:client|resource|Session|send|assume_role|assumeRole)$/, verdict: null },
    {
      call: /\b(?:delete_objects|deleteObjects|DeleteObjects\w*)$/,
      verdict: destroys('It deletes many objects of a bucket.', 'set'),
    },
  ],
  examples: [
    {
      run: `python -c "import boto3; boto3.client('rds').delete_db_instance(DBInstanceIdentifier='p')"`,
      tier: 4,
      points: 500,
    },
    {
      run: `python -c "import boto3; boto3.resource('s3').Bucket('b').objects.all().delete()"`,
      tier: 4,
      points: 150,
    },
    {
      run: `node -e "const {RDSClient, DeleteDBInstanceCommand} = require('@aws-sdk/client-rds'); new RDSClient({}).send(new DeleteDBInstanceCommand({DBInstanceIdentifier: 'p'}))"`,
      tier: 4,
      points: 500,
    },
    {
      run: `ruby -e "require 'aws-sdk-rds'; Aws::RDS::Client.new.delete_db_instance(db_instance_identifier: 'p')"`,
      tier: 4,
      points: 500,
    },
    {
      run: `python -c "import boto3; boto3.client('s3').delete_object(Bucket='b', Key='k')"`,
      tier: 3,
      points: 20,
    },
    {
      run: `python -c "import boto3; print(boto3.client('rds').describe_db_instances())"`,
      tier: 1,
      points: 1,
    },
  ],
};
