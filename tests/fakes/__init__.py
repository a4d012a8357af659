"""Stand-ins for what the rules talk to. Each is held to the real thing by a contract suite."""
