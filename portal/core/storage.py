"""Where uploaded bytes are kept: a Protocol, and folders on this machine behind it.

``STORAGE_URL=file:var/files``. Bytes are on the disk before ``put`` returns: a row that names them
is committed afterwards, so that no committed row points at nothing.
"""

from __future__ import annotations

import os
import re
import secrets
from pathlib import Path
from typing import Protocol

from portal.domain.errors import NotFound, Unavailable

_KEY = re.compile(r"[0-9a-f]{2}/[0-9a-f-]{36}")


class Storage(Protocol):
    """What the portal asks of a place for files."""

    def put(self, key: str, data: bytes) -> None:
        """Keep ``data`` durably under a new key; Unavailable when the disk does not take it."""

    def open(self, key: str) -> bytes:
        """Return the bytes of a key; NotFound when there are none."""

    def delete(self, key: str) -> None:
        """Remove a key; one that is gone already is no error."""


class Folder:
    """Files in a folder of this machine, written beside and renamed into place."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, key: str, data: bytes) -> None:
        """Write to a temporary name, sync, rename, sync the folder."""
        target = self._path(key)
        half = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with half.open("xb") as file:
                os.fchmod(file.fileno(), 0o600)
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            half.rename(target)
            _sync_folder(target.parent)
        except OSError as error:
            half.unlink(missing_ok=True)
            raise Unavailable("文件暂时存不下来，请稍后再试") from error

    def open(self, key: str) -> bytes:
        """Read a whole file."""
        try:
            return self._path(key).read_bytes()
        except FileNotFoundError as error:
            raise NotFound from error

    def delete(self, key: str) -> None:
        """Unlink a file."""
        self._path(key).unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        """Refuse every key that this module did not make: no key leaves the folder."""
        if not _KEY.fullmatch(key):
            raise NotFound
        return self.root / key


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


_storage: Storage | None = None


def from_url(url: str) -> Storage:
    """Return the storage of a STORAGE_URL; ValueError with a sentence for an unknown kind."""
    kind, _, rest = url.partition(":")
    if kind != "file" or not rest:
        msg = "STORAGE_URL must be file: and a folder, such as file:var/files"
        raise ValueError(msg)
    return Folder(Path(rest.removeprefix("//")).absolute())


def install(url: str) -> None:
    """Make the process's storage; create_app calls this once."""
    global _storage  # noqa: PLW0603 -- one storage per process, set at start
    _storage = from_url(url)


def storage() -> Storage:
    """Return the installed storage."""
    if _storage is None:
        msg = "no storage installed"
        raise RuntimeError(msg)
    return _storage
