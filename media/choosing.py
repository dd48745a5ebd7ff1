"""Which store DOORSTEP_STORAGE names."""

from media.folder_store import FolderStore
from media.store import Store


def store_from(url: str, key: str | None = None, secret: str | None = None) -> Store:
    """The store that DOORSTEP_STORAGE names; raises ValueError with one sentence for the person starting us.

    `key` and `secret` are for `s3://`; without them the standard AWS places count.
    """
    if url.startswith("s3:"):
        from media.s3_store import s3_store_from  # boto3 costs 60 ms that a folder need not pay

        return s3_store_from(url, key, secret)
    if "://" in url or not url.strip():
        raise ValueError(f"DOORSTEP_STORAGE must be a folder or s3://bucket/prefix, not {url!r}.")
    return FolderStore(url)
