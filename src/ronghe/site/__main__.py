"""``python -m ronghe.site COMMAND``: Django's management commands, with the addresses the environment gives."""

import os
import sys


def main(arguments: list[str]) -> int:
    """Run one command; ``migrate`` without further words is ours: as the owner, with the grants afterwards."""
    if arguments == ["migrate"]:
        os.environ["RONGHE_AS_OWNER"] = "1"
        from .preparing import main as prepare

        return prepare("migrate")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ronghe.site.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["ronghe", *arguments])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
