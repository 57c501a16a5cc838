"""Which retention class each table's rows fall under, or why they are kept for good (L09, L18).

A new table needs a line here; a house test compares the list with the models.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kept:
    """Rows that no period ends, and why."""

    why: str


_TREE = Kept("the tree of units, its names and its changes say nothing about anybody")
_WORK = Kept("who worked where, and on whose word, is part of every record of those years")
_RULES = Kept("what an authority decided and told people; a record of its own acts")
_PUBLIC = Kept("public rows are taken down by their own clock, and name nobody")
_CHAIN = Kept("the chain proves the facts; digests and counts, nothing that was done")

#: By table: the name of a class of ``domain.retention``, or why the rows stay.
TABLES: Mapping[str, str | Kept] = {
    "access_rows": "access_rows",
    "appeals": "supporters",
    "attempts": "attempts",
    "audit_checks": _CHAIN,
    "authority_texts": _RULES,
    "block_entries": Kept("a keyed hash and a reason; an appeal lifts it (SV)"),
    "cadence_excuses": "children",
    "cadence_reminders": "children",
    "care_ledger_rows": "children",
    "catalogue_additions": _RULES,
    "catalogue_proposals": _RULES,
    "catalogue_settings": _RULES,
    "certificate_objections": "service_records",
    "certificate_records": "service_records",
    "certificates": "service_records",
    "challenges": "proofs",
    "child_files": "children",
    "child_protections": "children",
    "child_transfers": "children",
    "child_voices": "children",
    "clearances": "supporters",
    "closing_interviews": "children",
    "code_generators": "supporters",
    "commitments": "children",
    "complaints": "supporters",
    "confirmed_phones": "supporters",
    "consents": "children",
    "contact_cards": "supporters",
    "contact_logs": "children",
    "delegations": "delegations",
    "factor_resets": "supporters",
    "fact_notes": "notes",
    "fact_seals": _CHAIN,
    "facts": "facts",
    "grievances": "grievances",
    "guardian_accesses": "links",
    "guardian_links": "children",
    "handovers": "children",
    "honour_cards": "honours",
    "honours": "honours",
    "identity_checks": "supporters",
    "identity_consents": "supporters",
    "import_batches": Kept("when a list was taken in and how many lines it had"),
    "import_rows": "import_rows",
    "jobs": "jobs",
    "kept_forms": "kept_forms",
    "known_devices": "known_devices",
    "letters": "children",
    "match_rules": "match_runs",
    "match_runs": "match_runs",
    "messages": "mails",
    "one_time_tokens": "tokens",
    "need_applications": "children",
    "need_cards": _PUBLIC,
    "own_days": _RULES,
    "pairing_needs": "children",
    "pairing_offers": "supporters",
    "pairing_pauses": "children",
    "pairing_reviews": "children",
    "pairing_stars": "supporters",
    "pairing_thanks": "children",
    "pairings": "children",
    "passkeys": "supporters",
    "phone_codes": "codes",
    "pool_profiles": "supporters",
    "pool_tags": "supporters",
    "portfolios": "supporters",
    "proofs": "proofs",
    "publication_batches": _PUBLIC,
    "publicity_consents": "supporters",
    "record_corrections": "service_records",
    "recovery_codes": "supporters",
    "resource_links": "resources",
    "resource_offers": "resources",
    "rights_requests": "requests",
    "role_grants": _WORK,
    "sealed_rows": _CHAIN,
    "service_records": "service_records",
    "setting_changes": _RULES,
    "sight_outliers": "sights",
    "sight_requests": "sights",
    "stored_files": "draft_files",
    "substitutions": "children",
    "supporter_documents": "supporters",
    "supporter_members": "supporters",
    "supporters": "supporters",
    "text_acceptances": "supporters",
    "ties": "supporters",
    "tombstones": Kept("a restored backup forgets again by them; a kind and an id"),
    "unit_changes": _TREE,
    "unit_proposals": _TREE,
    "units": _TREE,
    "user_sessions": "devices",
    "users": "supporters",
    "vetting_checks": "supporters",
    "wall_counts": _PUBLIC,
    "wechat_asks": "codes",
    "wechat_identities": "supporters",
    "wish_cards": _PUBLIC,
    "wish_windows": _PUBLIC,
    "wishes": "children",
}
