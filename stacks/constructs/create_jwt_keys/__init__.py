"""The function behind the `JwtKeys` construct; it is deployed alone."""
