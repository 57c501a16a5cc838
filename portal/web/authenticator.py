"""An authenticator's secret as a picture to scan and as letters to type."""

from __future__ import annotations

import pyotp
import segno
from flask_babel import gettext

from portal.domain.actor import Actor

_LETTERS = 4


def picture(actor: Actor, secret: str) -> str:
    """Return the QR code of a secret as the source of an image."""
    uri = pyotp.TOTP(secret).provisioning_uri(name=actor.email, issuer_name=gettext("微光"))
    return str(segno.make(uri, error="m").svg_data_uri(scale=5, border=2))


def readable(secret: str) -> str:
    """Return the secret in groups of four letters, for typing."""
    return " ".join(secret[at : at + _LETTERS] for at in range(0, len(secret), _LETTERS))
