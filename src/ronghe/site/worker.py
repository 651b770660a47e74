"""The worker process: jobs from the queue in PostgreSQL (``python -m ronghe.site.worker``)."""

import os

#: Seconds that a job is given to reach a safe place once the process is asked to stop.
GRACE_SECONDS = 2
#: Jobs at a time: a trial of a million rows must not hold up the seal of the record.
CONCURRENCY = 3


def main() -> None:
    """Work until asked to stop."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ronghe.site.settings")
    import django
    from django.core.management import call_command

    django.setup()
    call_command(
        "procrastinate", "worker", f"--concurrency={CONCURRENCY}", f"--shutdown-graceful-timeout={GRACE_SECONDS}"
    )


if __name__ == "__main__":
    main()
