"""QR codes summed from those drawn before are the ones that segno draws, whatever came first."""

import zlib

import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st

from red_genero.common.text import random_code
from red_genero.documents import qr

pytestmark = pytest.mark.once
ADDRESSES = st.lists(
    st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=40), min_size=1
)


def drawn(url: str, level: str) -> list[bytes]:
    """Return segno's own modules, a byte of grey each, inside their quiet zone."""
    code = segno.make_qr(url.encode(), error=level, mode="byte", mask=qr.MASK, boost_error=False)
    return [
        bytes(0 if dark else 255 for dark in row) for row in code.matrix_iter(border=qr.QUIET_ZONE)
    ]


def shown(url: str, level: str = "m") -> list[bytes]:
    """Return the rows of our picture without the zero that opens each."""
    side, packed = qr.qr_rows(url, level=level)
    pixels = zlib.decompress(packed)
    rows = [pixels[start : start + side + 1] for start in range(0, len(pixels), side + 1)]
    assert all(row[0] == 0 for row in rows)
    return [row[1:] for row in rows]


@given(ADDRESSES, st.sampled_from("mq"))
def test_a_sum_of_known_codes_is_the_code_of_the_sum(ends: list[str], level: str) -> None:
    for end in ends:
        url = f"https://a.example/{end}"
        assert shown(url, level) == drawn(url, level)


def test_after_some_constancias_nothing_more_is_drawn() -> None:
    """Thirty and some letters at 28 places span at most six bits at each."""
    urls = [f"https://genero.example/verificar/{random_code()}/" for _ in range(400)]
    for url in urls[:350]:
        qr.qr_rows(url)
    known = len(qr._series(len(urls[0]), "m").known)

    assert [shown(url) for url in urls[350:]] == [drawn(url, "m") for url in urls[350:]]
    assert len(qr._series(len(urls[0]), "m").known) == known <= 1 + 6 * 28
