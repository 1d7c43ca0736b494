"""The table, the bucket and the key: the only place that knows DynamoDB, S3 and KMS."""
