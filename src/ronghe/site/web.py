"""The web process: uvicorn on a socket that the supervisor has opened (``python -m ronghe.site.web FD``)."""

import os
import socket
import sys
from types import FrameType

import uvicorn

#: Seconds that requests are given to finish once the process is asked to stop.
GRACE_SECONDS = 2


class Server(uvicorn.Server):
    """Ends open event streams at once when asked to stop; uvicorn would wait for each of them."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        from . import events

        events.closing.set()
        super().handle_exit(sig, frame)


def main(fd: int) -> None:
    """Serve until asked to stop."""
    config = uvicorn.Config(
        "ronghe.site.asgi:application",
        lifespan="off",
        access_log=False,
        log_level="warning",
        server_header=False,
        # Who calls is told by the connection; only a proxy that is named may speak for others (RONGHE_PROXY=10.0.0.5).
        proxy_headers="RONGHE_PROXY" in os.environ,
        forwarded_allow_ips=os.environ.get("RONGHE_PROXY", ""),
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    Server(config).run(sockets=[socket.socket(fileno=fd)])


if __name__ == "__main__":
    main(int(sys.argv[1]))
