"""What others wrote and we ship: pinned by hash, told in a bill of materials, looked over.

`locks` says which lock files there are and what ships, `hashes` writes them, `licences` holds what
ships to a list of licences, `sbom` writes bills of materials, `audit` asks for known
vulnerabilities. docs/supply-chain.md tells it from the outside.
"""
