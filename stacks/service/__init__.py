"""The service's functions, a module each: size, environment, rights and routes."""
