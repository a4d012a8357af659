"""Write `docs/openapi.json`, or check that it is what the code says: `--check`."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from local.openapi.document import describe_api
from local.openapi.functions import load_routes
from local.terminal import say

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "docs" / "openapi.json"


def main() -> None:
    """Describe the API of this checkout."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="only tell whether it is up to date")
    check = parser.parse_args().check
    document = describe_api(load_routes())
    text = json.dumps(document, indent=1, ensure_ascii=False) + "\n"
    if check and DOCUMENT.read_text() != text:
        say(f"{DOCUMENT.relative_to(ROOT)} is not what the code says: make openapi")
        sys.exit(1)
    if not check:
        DOCUMENT.write_text(text)
        say(f"  ✓ {DOCUMENT.relative_to(ROOT)}: {len(document['paths'])} paths")


if __name__ == "__main__":
    main()
