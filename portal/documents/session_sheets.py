"""What a paper sheet carries so that a telephone finds its session again."""

from __future__ import annotations

import segno


def code_of(address: str) -> str:
    """Return a QR code of an address as a picture's source."""
    return str(segno.make_qr(address, error="m").svg_data_uri(omitsize=True, border=1))
