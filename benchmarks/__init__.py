"""Measurements beside peers, in one run each: `make bench`."""
