"""Fuzzing of what strangers' bytes reach first: `python -m local.fuzzing images|requests`.

atheris (libFuzzer for Python) changes inputs and keeps those that reach new code. `targets` says
what may come of an input, `seeds` what it begins with, `mutation` keeps checksums right, and
`campaign` runs a fuzzer of its own process and reads what it found.
"""
