"""Write `docs/openapi.json` and what is made of it, or check that it is what the code says."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from local.openapi.document import describe_api
from local.openapi.functions import load_routes
from local.openapi.typed_dicts import write_types
from local.openapi.typescript import write_typescript
from local.terminal import say

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "docs" / "openapi.json"
PYTHON_TYPES = ROOT / "examples" / "python" / "travel_client" / "models.py"
# The example is there to be taken along whole, and the page is built without it: each has its own.
TYPESCRIPT = (
    ROOT / "examples" / "react" / "src" / "models.ts",
    ROOT / "web" / "src" / "api" / "models.ts",
)


def main() -> None:
    """Describe the API of this checkout."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="only tell whether all is up to date")
    check = parser.parse_args().check
    document = describe_api(load_routes())
    written = {
        DOCUMENT: json.dumps(document, indent=1, ensure_ascii=False) + "\n",
        PYTHON_TYPES: write_types(document),
        **dict.fromkeys(TYPESCRIPT, write_typescript(document)),
    }
    stale = [
        path for path, text in written.items() if not path.exists() or path.read_text() != text
    ]
    if check and stale:
        names = ", ".join(str(path.relative_to(ROOT)) for path in stale)
        say(f"Not what the code says: {names}. Run `make openapi`")
        sys.exit(1)
    if not check:
        for path in stale:
            path.write_text(written[path])
        say(f"  ✓ {DOCUMENT.relative_to(ROOT)}: {len(document['paths'])} paths")


if __name__ == "__main__":
    main()
