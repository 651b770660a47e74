"""A throw-away instance with the real packs: for the journeys, and for the pictures of the README."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass

from ronghe.site import preparing, testing


@dataclass(frozen=True, slots=True)
class Furnished:
    """A database with the packs and the demonstration users, and their passwords by user name."""

    database: str
    passwords: Mapping[str, str]


def environment(database: str) -> dict[str, str]:
    """What a process that serves this database needs."""
    return os.environ | {
        "DATABASE_URL": testing.with_database(os.environ["DATABASE_URL"], database),
        "DATABASE_OWNER_URL": testing.with_database(os.environ["DATABASE_OWNER_URL"], database),
        "RONGHE_POOL": "8",
    }


def furnish(database: str) -> Furnished:
    """Make the database from the migrated template, and load the packs, the users, the demonstration of one office and a small register into it."""
    testing.clone(database)
    building = (["demo_office", "--zone=jinan"], ["demo_register", "--households=300"])
    commands = (["load_packs"], ["open_ledgers"], ["demo_users"], *building)
    done = subprocess.run(
        [sys.executable, "-c", preparing.IN_TURN, json.dumps(commands)], env=environment(database),
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    lines = [line.strip().split("\u3000") for line in done.stdout.splitlines()]
    return Furnished(database, {line[1]: line[2] for line in lines if len(line) == 3})
