"""Folders as storage: durable before put returns, nothing half-written, no way out."""

import os
from pathlib import Path

import pytest

from portal.core.storage import Folder, from_url
from portal.domain.errors import NotFound, Unavailable

KEY = "ab/0b0b0b0b-0000-4000-8000-000000000001"


def test_what_is_put_is_read_back_and_deleted(tmp_path):
    folder = Folder(tmp_path)
    folder.put(KEY, b"bytes")
    assert folder.open(KEY) == b"bytes"
    folder.delete(KEY)
    folder.delete(KEY)
    with pytest.raises(NotFound):
        folder.open(KEY)


@pytest.mark.parametrize(
    "key", ["../secret", "/etc/passwd", "ab/../../x", "ab", "AB/" + "0" * 36, ""]
)
def test_no_key_leaves_the_folder(tmp_path, key):
    (tmp_path.parent / "secret").write_bytes(b"x")
    folder = Folder(tmp_path)
    for act in (folder.open, folder.delete, lambda k: folder.put(k, b"x")):
        with pytest.raises(NotFound):
            act(key)


def test_bytes_and_name_are_synced_before_put_returns(tmp_path, monkeypatch):
    order = []
    fsync, rename = os.fsync, type(tmp_path).rename

    def watch_sync(handle):
        order.append("folder" if Path(f"/proc/self/fd/{handle}").is_dir() else "file")
        fsync(handle)

    def watch_rename(self, target):
        order.append("rename")
        return rename(self, target)

    monkeypatch.setattr(os, "fsync", watch_sync)
    monkeypatch.setattr(type(tmp_path), "rename", watch_rename)
    Folder(tmp_path).put(KEY, b"bytes")
    assert order == ["file", "rename", "folder"]


def test_a_full_disk_leaves_nothing_behind_and_says_so(tmp_path, monkeypatch):
    def full(_handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Unavailable):
        Folder(tmp_path).put(KEY, b"bytes")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_files_are_for_the_owner_alone(tmp_path):
    Folder(tmp_path).put(KEY, b"bytes")
    assert (tmp_path / KEY).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("url", ["s3://bucket", "file:", "nonsense", ""])
def test_an_unknown_storage_is_refused_with_a_sentence(url):
    with pytest.raises(ValueError, match="STORAGE_URL"):
        from_url(url)


def test_a_relative_folder_is_anchored(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert from_url("file:var/files").root == tmp_path / "var" / "files"
