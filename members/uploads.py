"""Files that people send: looked at by their content, given a name of ours, images written anew."""

import io
import re
import uuid
import warnings
from typing import Final

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from PIL import Image, UnidentifiedImageError

LIMIT: Final = 10 * 1024 * 1024
PIXELS: Final = 60_000_000
ACCEPT: Final = "application/pdf,image/jpeg,image/png"
HELP: Final = "PDF, JPG o PNG de hasta 10 MB."
TYPES: Final = {".pdf": "application/pdf", ".jpg": "image/jpeg", ".png": "image/png"}

_ACTIVE: Final = re.compile(rb"/(?:JavaScript|JS|Launch|EmbeddedFile|RichMedia|XFA)\b")
_JPEG: Final = b"\xff\xd8\xff"
_PNG: Final = b"\x89PNG\r\n\x1a\n"


def checked(file: File[bytes]) -> ContentFile[bytes]:
    """Return the file as it may be stored, under a random name; its own name is not kept.

    Raises ValidationError (codes ``file_empty``, ``file_too_big``, ``file_kind``, ``file_broken``, ``file_active``).
    """
    if not file.size:
        raise ValidationError("El archivo está vacío. Elija otro.", code="file_empty")
    if file.size > LIMIT:
        raise ValidationError(
            "El archivo pesa más de 10 MB. Reduzca la calidad del escaneo y vuelva a subirlo.",
            code="file_too_big",
        )
    file.seek(0)
    content = file.read(LIMIT + 1)
    if content.startswith(b"%PDF-"):
        return _named(_pdf(content), ".pdf")
    if content.startswith(_JPEG):
        return _named(_image(content, "JPEG"), ".jpg")
    if content.startswith(_PNG):
        return _named(_image(content, "PNG"), ".png")
    raise ValidationError(
        "El archivo no es PDF, JPG ni PNG. Escanee el oficio en uno de esos formatos.",
        code="file_kind",
    )


def _named(content: bytes, suffix: str) -> ContentFile[bytes]:
    return ContentFile(content, name=f"{uuid.uuid4().hex}{suffix}")


def _pdf(content: bytes) -> bytes:
    """Refuse a PDF cut short, or one that does something when it is opened."""
    if b"%%EOF" not in content[-2048:]:
        raise ValidationError(
            "El PDF está incompleto. Vuelva a escanearlo o a guardarlo.", code="file_broken"
        )
    if _ACTIVE.search(content):
        raise ValidationError(
            "El PDF lleva programas o archivos dentro. Imprímalo como PDF nuevo y súbalo otra vez.",
            code="file_active",
        )
    return content


def _image(content: bytes, kind: str) -> bytes:
    """Write the picture anew: what is not the picture stays out."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=[kind]) as picture:
                if picture.width * picture.height > PIXELS:
                    raise ValidationError(
                        "La imagen es demasiado grande. Redúzcala y vuelva a subirla.",
                        code="file_too_big",
                    )
                out = io.BytesIO()
                picture.convert("RGB").save(
                    out, kind, **({"quality": 90} if kind == "JPEG" else {})
                )
    except (
        OSError,
        SyntaxError,
        ValueError,
        UnidentifiedImageError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
    ) as error:
        raise ValidationError(
            "La imagen no se puede leer. Vuelva a escanear el oficio.", code="file_broken"
        ) from error
    return out.getvalue()
