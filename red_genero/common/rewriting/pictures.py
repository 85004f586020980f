"""Pictures: decoded and encoded anew, so that only what is seen stays."""

import warnings
from pathlib import Path
from typing import Any, Final

from PIL import Image, ImageOps, UnidentifiedImageError

from red_genero.common.rewriting.kinds import Facts, Kind, Limits, Refusal

FORMATS: Final = {Kind.JPG: "JPEG", Kind.PNG: "PNG", Kind.WEBP: "WEBP"}
OPTIONS: Final[dict[Kind, dict[str, Any]]] = {
    Kind.JPG: {"quality": 90},
    Kind.PNG: {},
    Kind.WEBP: {"quality": 90},
}
BROKEN: Final = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    UnidentifiedImageError,
)


def rewrite(source: Path, target: Path, kind: Kind, limits: Limits) -> Facts:
    """Write the picture upright and without what is not the picture: place, camera, comments, tails."""
    try:
        with (
            warnings.catch_warnings(),
            Image.open(source, formats=[FORMATS[kind]]) as picture,
        ):
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            if picture.width * picture.height > limits.pixels or max(picture.size) > limits.side:
                raise Refusal("file_too_many_pixels")
            picture.load()
            upright = ImageOps.exif_transpose(picture)
            plain = upright.convert(_mode(upright, kind))
            plain.info.clear()
            plain.save(target, FORMATS[kind], **OPTIONS[kind])
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refusal("file_too_many_pixels") from error
    except BROKEN as error:
        raise Refusal("picture_broken") from error
    return Facts(kind.suffix, pages=1)


def _mode(picture: Image.Image, kind: Kind) -> str:
    """Return the colours to keep: transparency only where the kind has it."""
    if kind is not Kind.JPG and picture.has_transparency_data:
        return "RGBA"
    return "L" if picture.mode in {"1", "L"} else "RGB"
