"""kill -9 amid an entry: a process of its own runs the job, and is watched until it writes rights."""

import os
import subprocess
import sys
import time
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings
from django.db import connection

from ronghe.kernel.jobs.running import has_runner

_RUN = """
import django
from django.conf import settings
django.setup()
settings.MEDIA_ROOT = {media!r}
from ronghe.kernel.jobs.services import run_here
run_here({job})
"""


def runner(job_id: int) -> subprocess.Popen[bytes]:
    """A process that runs the job on the database, and with the files, of the test."""
    told = urlsplit(os.environ["DATABASE_URL"])
    address = urlunsplit(told._replace(path=f"/{connection.settings_dict['NAME']}"))
    env = os.environ | {"DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "ronghe.site.settings"}
    script = _RUN.format(job=job_id, media=str(settings.MEDIA_ROOT))
    return subprocess.Popen([sys.executable, "-c", script], env=env)


def until_it_writes_rights(process: subprocess.Popen[bytes], *, table: str = "registry_right") -> None:
    """Wait until units are written and rights are being written: in one transaction that nobody else sees."""
    deadline = time.monotonic() + 300
    with connection.cursor() as cursor:
        while time.monotonic() < deadline and process.poll() is None:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state = 'active'"
                " AND query LIKE %s",
                [f"INSERT INTO {table} %"],
            )
            if cursor.fetchone()[0]:
                return
    pytest.fail("the entry ended before it was seen to write rights")


def until_it_is_noticed(job_id: int) -> None:
    """The database notices a client that is gone when its statement ends."""
    deadline = time.monotonic() + 300
    while has_runner(job_id):
        assert time.monotonic() < deadline
