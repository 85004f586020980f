"""What the packaged faces can draw and how wide: read with fontTools, so that it works without Pango."""

from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from django.contrib.staticfiles import finders
from fontTools.ttLib import TTFont

FACES = {
    "text": "fonts/AtkinsonHyperlegibleNext-Regular.ttf",
    "text-bold": "fonts/AtkinsonHyperlegibleNext-Bold.ttf",
    "title": "fonts/SourceSerif4-Regular.ttf",
    "title-semibold": "fonts/SourceSerif4-SemiBold.ttf",
}
MISSING_GLYPH_WIDTH = 1.0


class Face(NamedTuple):
    """Advance widths by character, in ems."""

    widths: dict[int, float]

    def width(self, text: str) -> float:
        """Returns the width of the text in ems, without kerning (which only narrows it)."""
        widths = self.widths
        return sum(widths.get(ord(char), MISSING_GLYPH_WIDTH) for char in text)


def path(face: str) -> Path:
    """Returns where the face's file lies; raises FileNotFoundError when it was not packaged."""
    found = finders.find(FACES[face])
    if not isinstance(found, str):
        raise FileNotFoundError(FACES[face])
    return Path(found)


@lru_cache(maxsize=len(FACES))
def load(face: str) -> Face:
    """Returns the face's widths; the file is read once per process."""
    with TTFont(path(face), lazy=True) as font:
        em = font["head"].unitsPerEm
        metrics = font["hmtx"].metrics
        return Face({code: metrics[glyph][0] / em for code, glyph in font.getBestCmap().items()})


def coverage() -> frozenset[int]:
    """Returns the code points that at least one packaged face draws (each style falls back to the other family)."""
    return frozenset(code for face in FACES for code in load(face).widths)
