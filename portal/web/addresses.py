"""Where a redirect may lead: a path on this site and nowhere else."""

from __future__ import annotations

from flask import request


def local(target: str | None) -> str | None:
    """Keep only a path on this site: never redirect to a stranger's address.

    Tabs and line ends are refused because they are dropped on the way: ``/<tab>/host`` would
    arrive as ``//host``.
    """
    if not target or any(sign <= " " or sign == "\\" for sign in target):
        return None
    if target.startswith(request.host_url):
        target = "/" + target.removeprefix(request.host_url)
    return target if target.startswith("/") and not target.startswith("//") else None


def here() -> str:
    """Return the path of this request with its question mark and what follows."""
    return request.full_path.rstrip("?")
