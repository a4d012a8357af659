"""The cloud resources of the application, as CDK stacks."""
