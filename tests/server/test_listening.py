import gc

from litestar import Litestar
from uvicorn import Config

from server.listening import Announced


async def test_what_was_loaded_at_the_start_is_not_looked_through_while_people_wait(app: Litestar) -> None:
    gc.unfreeze()
    server = Announced(Config(app, port=0, lifespan="off", log_config=None))
    server.config.load()
    server.lifespan = server.config.lifespan_class(server.config)
    await server.startup()
    try:
        assert gc.get_freeze_count() > 10_000
    finally:
        gc.unfreeze()
        await server.shutdown()
