"""The running program. Imports every package; no package imports it."""

import os

os.environ.setdefault("PICCOLO_CONF", "server.piccolo_conf")
