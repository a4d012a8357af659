"""The Lambda authorizer: tells whether a request's access token is genuine, and whose it is."""
