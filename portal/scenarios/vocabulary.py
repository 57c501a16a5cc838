"""Everything a story can do and see; a feature adds its verbs here."""

from __future__ import annotations

from portal.scenarios.registry import Verb, table

VERBS: dict[str, Verb] = table({})
SIGHTS: dict[str, Verb] = table({})
