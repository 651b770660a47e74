"""The worker process: jobs from the queue in PostgreSQL (``python -m ronghe.site.worker``)."""

import os

#: Seconds that a job is given to reach a safe place once the process is asked to stop.
GRACE_SECONDS = 2


def main() -> None:
    """Work until asked to stop."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ronghe.site.settings")
    from django.core.management import execute_from_command_line

    grace = f"--shutdown-graceful-timeout={GRACE_SECONDS}"
    execute_from_command_line(["ronghe", "procrastinate", "worker", grace])


if __name__ == "__main__":
    main()
