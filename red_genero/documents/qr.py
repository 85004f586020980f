"""QR codes as small PNG images inside a data address."""

from base64 import b64encode
from functools import lru_cache
from io import BytesIO

import segno

QUIET_ZONE = 4
MASK = 2


@lru_cache(maxsize=256)
def qr_data_uri(url: str, *, level: str = "m") -> str:
    """Returns the QR of an address as ``data:image/png``: one pixel a module, one bit deep, quiet zone of four.

    The mask is fixed, so that the same address gives the same bytes and nothing is spent on comparing masks.
    ``level`` is the error correction: m (15 %) or q (25 %), which survives photocopies better.
    """
    image = BytesIO()
    segno.make_qr(url, error=level, mask=MASK, boost_error=False).save(
        image, kind="png", border=QUIET_ZONE
    )
    return f"data:image/png;base64,{b64encode(image.getvalue()).decode('ascii')}"
