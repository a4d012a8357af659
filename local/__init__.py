"""The local cloud: the whole application on one machine, with one command."""
