"""`doorstep run`: listen until told to stop, and stop without dropping what is on its way in."""

import gc
import signal
import time
from types import FrameType
from typing import Any

import uvicorn

from pwa.waking import LEAVING, wake
from server.health import leaving
from server.settings import Settings
from server.wire import Wire

# Long enough for a load balancer to see that this process is not ready any more.
DRAIN_SECONDS = 3
FINISH_SECONDS = 22


class Server(uvicorn.Server):
    """SIGTERM: not ready first, then no new connections, then the end. Ctrl-C ends at once."""

    drained_at: float | None = None

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if sig == signal.SIGTERM and self.drained_at is None:
            leaving.set()
            self.drained_at = time.monotonic() + DRAIN_SECONDS
        else:
            super().handle_exit(sig, frame)

    async def on_tick(self, counter: int) -> bool:
        if self.drained_at is not None and time.monotonic() >= self.drained_at:
            self.should_exit = True
        if self.should_exit:
            wake(LEAVING)
        return await super().on_tick(counter)


class Announced(Server):
    """Says where it is once it really listens."""

    async def startup(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        await super().startup(sockets)  # type: ignore[arg-type]
        if self.started:
            gc.freeze()  # what was loaded for good: looking through it again would keep somebody waiting
            print(f"\nDoorstep is at http://localhost:{self.config.port}\n", flush=True)


def listen(settings: Settings, app: Any = "server.app:create_app") -> int:
    """Serve until a signal; 0 when everything in flight was finished."""
    config = uvicorn.Config(
        app,
        factory=isinstance(app, str),
        host=settings.address,
        port=settings.port,
        loop="uvloop",
        http=Wire,
        ws="none",
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=bool(settings.proxy),
        forwarded_allow_ips=",".join(settings.proxy) or None,
        timeout_graceful_shutdown=FINISH_SECONDS,
    )
    server = Announced(config)
    server.run()
    return 0 if server.started else 1
