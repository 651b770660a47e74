"""A throw-away database with the real packs and people in it, for races."""

import os
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def world() -> Iterator[None]:
    """Django on an embedded server of its own, with the memory of the product's and the packs loaded; files in its folder."""
    from ronghe.site import testing

    server = testing.TestServer(small=False)
    try:
        server.make_ready()
        os.environ["DATABASE_URL"] = testing.with_database(os.environ["DATABASE_URL"], testing.template())
        import django

        django.setup()
        from ronghe.kernel.actors import SYSTEM
        from ronghe.kernel.clock import now
        from ronghe.policy.packs import known_packs, read_pack
        from ronghe.policy.services import load_packs

        load_packs([read_pack(path) for path in known_packs()], actor=SYSTEM, at=now())
        yield
    finally:
        from django.db import connections

        connections.close_all()
        server.close()
