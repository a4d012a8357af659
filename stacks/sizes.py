"""How much memory, and so CPU, each function gets, and how long it may take."""

from __future__ import annotations

# Python's start and the imports are CPU, and CPU comes with memory: below half a gigabyte a cold
# start takes seconds.
SMALL_MB = 512
# bcrypt is CPU alone: this is the size with one whole core, and the GB-seconds stay the same.
ONE_CORE_MB = 1_769
# The most that a new account allows.
LARGEST_MB = 3_008
# A request that waits for a table out of reach gives up after 11 s: three attempts of 3 s, and the
# pauses between them.
SHORT_TIMEOUT_SECONDS = 15
# API Gateway gives an integration 30 s; a function that ends before it can say why.
LONGEST_TIMEOUT_SECONDS = 29
