"""Photographs in a folder, for one machine: a name appears only once its bytes are on the disk."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from secrets import token_hex
from time import time
from typing import TypeVar

from media.store import ORIGINALS, ORPHANS, Stored, StoreUnavailable, is_original, refuse_original
from pwa.disk import make_folder, sync

Result = TypeVar("Result")
# Free space kept for the database, which may share the disk: a tenth, or 2 GiB when that is less.
KEEP_FREE_SHARE = 10
KEEP_FREE_BYTES = 2 * 1024**3
OLD_PART_SECONDS = 48 * 3600


class FolderStore:
    """`photos/<sha>` is kept as `photos/<first two digits>/<sha>`, so that no folder grows without end."""

    def __init__(self, root: str | os.PathLike[str]) -> None:
        self.root = Path(root)
        try:
            make_folder(self.root)
        except OSError as wrong:
            raise ValueError(f"The photo folder {self.root} cannot be made: {wrong.strerror}.") from wrong
        # Folders whose names are on the disk for certain. Looking does not tell: one that is there may have been
        # made a moment ago by another thread, or just before a kill.
        self._named = {self.root}
        # Threads of its own: a slow disk must not hold up whatever else uses the common ones.
        self._threads = ThreadPoolExecutor(8, "photo-folder")

    async def _run(self, work: Callable[..., Result], *args: object) -> Result:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work, *args)
        except OSError as wrong:
            raise StoreUnavailable(str(wrong)) from wrong

    def _path(self, key: str) -> Path:
        kind, _, rest = key.partition("/")
        if not rest or ".." in key.split("/") or "\0" in key:
            raise ValueError(f"{key!r} is not a key")
        return self.root / kind / rest[:2] / rest

    async def put(self, key: str, data: bytes) -> bool:
        """See Store."""
        return await self._run(self._put, key, data)

    def _put(self, key: str, data: bytes) -> bool:
        path = self._path(key)
        self._make_folder(path.parent)
        if path.exists() and not self._damaged(path, key, data):
            # A racing twin may have named it a moment ago and not yet synced the folder.
            os.utime(path)
            sync(path.parent)
            return False
        self._refuse_when_full(len(data))
        part = path.with_name(f".{path.name}.{token_hex(8)}")
        try:
            with part.open("xb") as out:
                out.write(data)
                out.flush()
                os.fsync(out.fileno())
            created = self._name(part, path, key, data)
        finally:
            with suppress(FileNotFoundError):
                part.unlink()
        sync(path.parent)
        return created

    def _name(self, part: Path, path: Path, key: str, data: bytes) -> bool:
        try:
            os.link(part, path)  # unlike a rename, a link refuses to replace
        except FileExistsError:
            if self._damaged(path, key, data):
                part.replace(path)
            return False
        return True

    @staticmethod
    def _damaged(path: Path, key: str, data: bytes) -> bool:
        # Compared first: the bytes are nearly always the same, and hashing takes ten times as long.
        return path.read_bytes() != data and is_original(key, data)

    def _make_folder(self, folder: Path) -> None:
        missing = [folder, *folder.parents]
        for made in reversed(missing[: missing.index(self.root)]):
            if made not in self._named or not made.exists():
                made.mkdir(exist_ok=True)
                sync(made.parent)
                self._named.add(made)

    def _refuse_when_full(self, coming: int) -> None:
        disk = shutil.disk_usage(self.root)
        if disk.free - coming < min(disk.total // KEEP_FREE_SHARE, KEEP_FREE_BYTES):
            raise StoreUnavailable("the disk that holds the photographs is nearly full")

    async def get(self, key: str) -> bytes | None:
        """See Store."""
        return await self._run(self._get, key)

    def _get(self, key: str) -> bytes | None:
        try:
            return self._path(key).read_bytes()
        except FileNotFoundError:
            return None

    async def exists(self, key: str) -> bool:
        """See Store."""
        return await self._run(self._path(key).is_file)

    async def delete(self, key: str) -> None:
        """See Store."""
        refuse_original(key)
        await self._run(lambda: self._path(key).unlink(missing_ok=True))

    async def set_aside(self, key: str) -> None:
        """See Store."""
        await self._run(self._set_aside, key)

    def _set_aside(self, key: str) -> None:
        source, target = self._path(key), self._path(ORPHANS + key.removeprefix(ORIGINALS))
        self._make_folder(target.parent)
        with suppress(FileNotFoundError):
            source.replace(target)
            sync(target.parent)
            sync(source.parent)

    async def walk(self, prefix: str) -> AsyncIterator[Stored]:
        """See Store."""
        found = self._files(prefix)
        while batch := await self._run(_some, found):
            for stored in batch:
                yield stored

    def _files(self, prefix: str) -> Iterator[Stored]:
        for folder, _, names in os.walk(self.root / prefix.partition("/")[0]):
            for name in names:
                path = Path(folder, name)
                kind, _, *rest = path.relative_to(self.root).parts
                key = "/".join((kind, *rest))
                with suppress(FileNotFoundError):
                    seen = path.stat()
                    if name.startswith("."):  # half written when somebody pulled the plug
                        if seen.st_mtime < time() - OLD_PART_SECONDS:
                            path.unlink()
                    elif key.startswith(prefix):
                        yield Stored(key, seen.st_size, datetime.fromtimestamp(seen.st_mtime, UTC))


def _some(found: Iterator[Stored]) -> list[Stored]:
    return list(islice(found, 500))
