"""Prove an export of facts without the portal: python scripts/verify_facts.py EXPORT [ANCHOR…].

EXPORT is the file of JSON lines, an ANCHOR a copy of seals.jsonl. Needs Python alone and shares no
line with the portal. Prints what does not fit and ends with 1, or says what was proved.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

VERSION = "weiguang-seal-1"
SEAL_PARTS = (
    "no", "source", "sealed_at", "first_id", "last_id", "rows", "rows_digest", "previous",
)  # fmt: skip


def sha256(text: str) -> str:
    """Return the hash of a text in hexadecimal."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def text_of(value: object) -> str:
    """Return the one JSON text of a value."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def root_of(digest: str, proof: list[str]) -> str:
    """Climb from a row to the root of its run."""
    node = hashlib.sha256(b"\x00" + bytes.fromhex(digest)).digest()
    for step in proof:
        other = bytes.fromhex(step[1:])
        pair = other + node if step[0] == "L" else node + other
        node = hashlib.sha256(b"\x01" + pair).digest()
    return node.hex()


def problems_of_rows(rows: list[dict], seals: dict[int, dict]) -> list[str]:
    """Compare every fact with its digest, and its proof with its seal."""
    found = []
    for each in rows:
        name = each["row"]["id"]
        if sha256(text_of([VERSION, each["source"], each["row"]])) != each["digest"]:
            found.append(f"fact {name} is not what its digest says")
        seal = seals.get(each["seal"])
        if each["seal"] and seal is None:
            found.append(f"fact {name}: seal {each['seal']} is missing")
        elif seal and root_of(each["digest"], each["proof"]) != seal["rows_digest"]:
            found.append(f"fact {name} is not in seal {each['seal']}")
    return found


def problems_of_seals(seals: dict[int, dict]) -> list[str]:
    """Compare every seal with its digest and with the one before."""
    found = []
    for no in sorted(seals):
        seal = seals[no]
        if sha256(text_of([VERSION, *[seal[part] for part in SEAL_PARTS]])) != seal["digest"]:
            found.append(f"seal {no} is not what its digest says")
        before = seals.get(no - 1)
        if before is not None and seal["previous"] != before["digest"]:
            found.append(f"seal {no} does not follow seal {no - 1}")
        if before is None and no != min(seals):
            found.append(f"seal {no - 1} is missing")
    return found


def problems_of_anchor(file: Path, seals: dict[int, dict]) -> list[str]:
    """Compare what was anchored outside with the seals of the export."""
    found = []
    first = min(seals, default=1)
    made = max(seals, default=0)
    for line in file.read_text("utf-8").splitlines():
        anchored = json.loads(line)
        no = anchored["no"]
        if no in seals and seals[no]["digest"] != anchored["digest"]:
            found.append(f"seal {no} is not the one that was anchored")
        if first <= no < made and no not in seals:
            found.append(f"seal {no} was anchored and is not in the export")
    return found


def main(arguments: list[str]) -> int:
    """Check an export; return 1 when anything does not fit."""
    if not arguments:
        print(__doc__)
        return 2
    lines = [json.loads(line) for line in Path(arguments[0]).read_text("utf-8").splitlines()]
    head = next((line for line in lines if line["type"] == "head"), {"facts": -1})
    rows = [line for line in lines if line["type"] == "row"]
    seals = {line["no"]: line for line in lines if line["type"] == "seal"}
    found = problems_of_rows(rows, seals) + problems_of_seals(seals)
    if head["facts"] != len(rows):
        found.append(f"the head speaks of {head['facts']} facts, the file holds {len(rows)}")
    for name in arguments[1:]:
        found += problems_of_anchor(Path(name), seals)
    for problem in found:
        print(problem)
    if found:
        return 1
    unsealed = sum(not each["seal"] for each in rows)
    print(f"{len(rows)} facts fit {len(seals)} seals; {unsealed} were not sealed yet")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
