"""Building blocks that more than one stack, or more than one function, uses."""
