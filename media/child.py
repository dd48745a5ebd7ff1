"""The child process that decodes photographs: `python -m media.child`, frames on stdin and stdout.

It is given bytes and a type and gives back pictures drawn anew. It has no environment, can open no file or
connection, start no process, and is stopped by the kernel at its memory and processor limits, so that a
parser bug reached by a hostile file reaches nothing else.
"""

import json
import os
import resource
import struct
import sys
import zlib
from math import ceil
from pathlib import Path
from typing import BinaryIO

MEMORY = 256 * 1024 * 1024
CPU_SECONDS = 5
KINDS = ("image/jpeg", "image/png", "image/webp", "image/heic")
# kind, length of the file -> length of the JSON; the copies follow it, their lengths are in it
ASK = struct.Struct(">BI")
ANSWER = struct.Struct(">I")


def heic_installed() -> bool:
    """Whether the optional converter is there; teaches Pillow to use it."""
    try:
        import pillow_heif  # type: ignore[import-not-found,unused-ignore]  # the extra `heic`
    except ImportError:
        return False
    pillow_heif.register_heif_opener(thumbnails=False)
    pillow_heif.options.DECODE_THREADS = 1
    return True


def _limit() -> None:
    """Give up everything that decoding does not need. Called once all imports are done."""
    os.nice(15)  # people who wait for a page come first
    status = Path("/proc/self/status")
    if status.exists():
        held = dict(line.split(":", 1) for line in status.read_text().splitlines())
        mapped, resident = (int(held[name].split()[0]) * 1024 for name in ("VmSize", "VmRSS"))
        # Mapped but untouched code does not count, so that what is resident can never pass MEMORY.
        space = MEMORY + mapped - resident
        resource.setrlimit(resource.RLIMIT_AS, (space, space))
    for what, most in (
        (resource.RLIMIT_NOFILE, 3),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def _limit_cpu() -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = ceil(used.ru_utime + used.ru_stime) + CPU_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))


def _answer(out: BinaryIO, said: dict[str, object], copies: tuple[bytes, ...] = ()) -> None:
    text = json.dumps(said | {"sizes": [len(copy) for copy in copies]}).encode()
    out.write(b"".join((ANSWER.pack(len(text)), text, *copies)))
    out.flush()


def main() -> None:
    """Answer until the parent closes the pipe."""
    heic_installed()
    # Here and not at the top: the web process imports this file for its frames and must not load decoders.
    from PIL.Image import DecompressionBombError, DecompressionBombWarning

    from media.picture import TooLarge, open_picture, warm_up

    warm_up()
    ask, out = sys.stdin.buffer, sys.stdout.buffer
    _limit()
    _answer(out, {"problem": None})
    while head := ask.read(ASK.size):
        kind, size = ASK.unpack(head)
        data = ask.read(size)
        _limit_cpu()
        try:
            opened = open_picture(data, KINDS[kind])
        except (MemoryError, TooLarge, DecompressionBombError, DecompressionBombWarning):
            _answer(out, {"problem": "heavy"})
        except (OSError, ValueError, SyntaxError, TypeError, KeyError, IndexError, AttributeError,
                EOFError, OverflowError, ArithmeticError, RuntimeError, struct.error, zlib.error):  # fmt: skip
            _answer(out, {"problem": "damaged"})
        else:
            facts: dict[str, object] = {"problem": None, "width": opened.width, "height": opened.height}
            _answer(out, facts | opened.found.as_dict(), opened.copies)
            del opened
        del data


if __name__ == "__main__":
    main()
