"""Versions of the texts a supporter accepts; a changed text gets a new version and is asked again.

The texts themselves are the templates ``public/pledge.html``, ``public/privacy.html`` and
``public/children_privacy.html``.
"""

from __future__ import annotations

PLEDGE_VERSION = "2026-01"
PRIVACY_VERSION = "2026-01"
CHILDREN_PRIVACY_VERSION = "2026-01"
