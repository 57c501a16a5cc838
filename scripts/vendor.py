"""Copy the locked front-end libraries into portal/static/vendor.

Reads vendor.lock beside this file, fetches each archive with `npm pack`, refuses one whose
SHA-256 differs, and writes the chosen files, one icon sprite and a NOTICE. The result is
committed, so neither a build nor a visitor ever needs a registry.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
TARGET = HERE.parent / "portal" / "static" / "vendor"
SYMBOL = (
    '<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" '
    'stroke-linecap="round" stroke-linejoin="round">{body}</symbol>'
)


def fetch(name: str, version: str, sha256: str, folder: Path) -> Path:
    """Return the archive of a package, checked against its locked SHA-256."""
    packed = subprocess.run(
        ["npm", "pack", "--silent", f"{name}@{version}"],
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
    )
    archive = folder / packed.stdout.strip().splitlines()[-1]
    found = hashlib.sha256(archive.read_bytes()).hexdigest()
    if found != sha256:
        raise SystemExit(f"{name}@{version}: SHA-256 is {found}, locked is {sha256}")
    return archive


def read(archive: tarfile.TarFile, member: str) -> bytes:
    """Return the bytes of one file of an npm archive."""
    handle = archive.extractfile(f"package/{member}")
    if handle is None:
        raise SystemExit(f"{archive.name!r}: no file {member}")
    return handle.read()


def sprite(archive: tarfile.TarFile, icons: list[str]) -> str:
    """Return one SVG holding every named icon as a symbol."""
    symbols = []
    for name in sorted(icons):
        text = read(archive, f"icons/{name}.svg").decode()
        body = re.sub(r"\s+", " ", re.split(r"<svg[^>]*>", text, maxsplit=1)[1])
        symbols.append(SYMBOL.format(name=name, body=body.replace("</svg>", "").strip()))
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


def vendor(name: str, entry: dict[str, Any], work: Path) -> str:
    """Write the files of one package and return its line of the NOTICE."""
    folder = TARGET / entry["folder"]
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with tarfile.open(fetch(name, entry["version"], entry["sha256"], work)) as archive:
        for member, target in entry["files"].items():
            (folder / target).write_bytes(read(archive, member))
        if "icons" in entry:
            (folder / "sprite.svg").write_text(sprite(archive, entry["icons"]), encoding="utf-8")
    return f"{name} {entry['version']} ({entry['licence']}), licence in {entry['folder']}/LICENSE"


def main() -> int:
    """Vendor every locked package."""
    lock = tomllib.loads((HERE / "vendor.lock").read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as work:
        lines = [vendor(name, entry, Path(work)) for name, entry in sorted(lock.items())]
    head = "Third-party files served from this folder, unchanged unless said otherwise:\n\n"
    tail = "\n\nlucide/sprite.svg gathers single icons of lucide-static into one file.\n"
    (TARGET / "NOTICE").write_text(head + "\n".join(lines) + tail, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
