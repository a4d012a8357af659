"""Places worth going to, and the catalogue they come from."""
