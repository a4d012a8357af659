"""What a person does to a deployment by hand: its secrets, `make set-token`, `make rotate-keys`.

They work with the credentials of the shell, like the AWS CLI does, and on the local cloud too.
"""
