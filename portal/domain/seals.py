"""The arithmetic of the chain over append-only rows: digests, a Merkle tree, links, proofs.

A row's digest names the row that was changed; a run of rows is one tree (RFC 6962), so that a few
rows can be proved without showing their neighbours; a seal hashes its run together with the seal
before it. The same sums are written a second time in scripts/verify_facts.py, which knows nothing
of the portal: a change here is a new version there.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

#: What stands before the first seal.
GENESIS = "0" * 64
_VERSION = "weiguang-seal-1"


@dataclass(frozen=True, slots=True)
class Seal:
    """One link of the chain; ``digest`` follows from the rest."""

    no: int
    source: str
    sealed_at: datetime
    first_id: UUID
    last_id: UUID
    rows: int
    rows_digest: str
    previous: str

    @property
    def digest(self) -> str:
        """Return the hash of everything this link says, the link before included."""
        return _sha256(canonical([_VERSION, *self.parts()]))

    def parts(self) -> tuple[Any, ...]:
        """Return what is hashed, in order."""
        return (
            self.no,
            self.source,
            self.sealed_at,
            self.first_id,
            self.last_id,
            self.rows,
            self.rows_digest,
            self.previous,
        )


def canonical(value: Any) -> str:
    """Return the one JSON text of a value: sorted keys, UTC times, no space, no escapes."""
    return json.dumps(
        _plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )


def row_digest(source: str, row: Mapping[str, Any]) -> str:
    """Return the digest of a row of a table, every column included."""
    return _sha256(canonical([_VERSION, source, dict(row)]))


def tree(digests: Sequence[str]) -> str:
    """Return the root over row digests in their order; at least one is needed."""
    level = [_leaf(each) for each in digests]
    if not level:
        msg = "an empty run is not sealed"
        raise ValueError(msg)
    while len(level) > 1:
        level = _above(level)
    return level[0].hex()


def proof(digests: Sequence[str], position: int) -> list[str]:
    """Return what is needed to get from one row's digest to the root: ``L…`` and ``R…`` hashes."""
    level = [_leaf(each) for each in digests]
    path = []
    while len(level) > 1:
        neighbour = position ^ 1
        if neighbour < len(level):
            path.append(("L" if neighbour < position else "R") + level[neighbour].hex())
        level = _above(level)
        position //= 2
    return path


def root_of(digest: str, path: Sequence[str]) -> str:
    """Return the root that a row's digest and its proof lead to."""
    node = _leaf(digest)
    for step in path:
        other = bytes.fromhex(step[1:])
        node = _node(other, node) if step[0] == "L" else _node(node, other)
    return node.hex()


def _above(level: list[bytes]) -> list[bytes]:
    """Pair neighbours; a last one without a neighbour goes up as it is."""
    paired = [_node(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
    return paired + ([level[-1]] if len(level) % 2 else [])


def _leaf(digest: str) -> bytes:
    return hashlib.sha256(b"\x00" + bytes.fromhex(digest)).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    """Return a value as JSON has it; a kind that is not foreseen is refused, not guessed."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    if isinstance(value, date | UUID):
        return str(value)
    if isinstance(value, Mapping):
        return {str(name): _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    msg = f"a {type(value).__name__} cannot be sealed"
    raise TypeError(msg)
