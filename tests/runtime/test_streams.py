"""Open pages hold a stream, not a database connection."""

import contextlib
import http.client
import os
from urllib.parse import urlsplit

from ronghe.site import testing, trying


def test_open_streams_leave_the_connections_to_others(fresh_database: str) -> None:
    """Seen to fail with the release in ``events.released`` taken out: the pool of two is used up by two pages."""
    environment = os.environ | {
        "DATABASE_URL": testing.with_database(os.environ["DATABASE_URL"], fresh_database),
        "RONGHE_POOL": "2",
    }
    with trying.web(environment) as address, contextlib.ExitStack() as pages:
        where = urlsplit(address).netloc
        for _ in range(5):
            page = pages.enter_context(contextlib.closing(http.client.HTTPConnection(where, timeout=5)))
            # a session cookie makes the request ask the database who this is
            page.request("GET", "/events/health", headers={"Cookie": "sessionid=" + "a" * 32})
            stream = pages.enter_context(contextlib.closing(page.getresponse()))
            assert stream.readline() == b"event: heartbeat\n"
        other = pages.enter_context(contextlib.closing(http.client.HTTPConnection(where, timeout=5)))
        other.request("GET", "/healthz")
        assert other.getresponse().read() == b"ok\n"
