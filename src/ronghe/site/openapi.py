"""``docs/openapi.json``: the interface as a file, so that a change of it is seen in review.

``python -m ronghe.site.openapi`` writes it; with ``--check`` it only compares, and fails where they differ.
"""

import json
import os
import sys
from pathlib import Path

FILE = Path(__file__).resolve().parents[3] / "docs" / "openapi.json"


def main(arguments: list[str]) -> int:
    """0 when the file is in step."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ronghe.site.settings")
    import django

    django.setup()
    from .api import api

    text = json.dumps(api.get_openapi_schema(), ensure_ascii=False, indent=1, default=str) + "\n"
    if "--check" not in arguments:
        FILE.write_text(text, "utf-8")
        return 0
    if FILE.is_file() and FILE.read_text("utf-8") == text:
        return 0
    print("docs/openapi.json is not in step with the code: run python -m ronghe.site.openapi", file=sys.stderr)
    return 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
