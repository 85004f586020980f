"""What Formación types to replace or revoke a constancia, and who signs."""

from decimal import Decimal
from io import BytesIO
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from PIL import Image, ImageOps, UnidentifiedImageError

from red_genero.common.text import validate_plain
from trainings.certifying import Corrections
from trainings.models import Certificate, Signatory

LARGEST_UPLOAD = 10 * 1024 * 1024
MOST_PIXELS = 40_000_000
LARGEST_SIDE = (1200, 600)


def _wide() -> forms.TextInput:
    """A line as wide as the administration's own."""
    return forms.TextInput(attrs={"class": "vTextField"})


class ReplaceForm(forms.Form):
    """The corrected words; what is left as it was stays as it was printed."""

    name = forms.CharField(
        label="Nombre impreso", max_length=120, validators=[validate_plain], widget=_wide()
    )
    department = forms.CharField(
        label="Dependencia",
        max_length=160,
        required=False,
        validators=[validate_plain],
        widget=_wide(),
    )
    course_title = forms.CharField(
        label="Formación", max_length=120, validators=[validate_plain], widget=_wide()
    )
    hours = forms.DecimalField(
        label="Horas", max_digits=6, decimal_places=2, min_value=Decimal("0.25")
    )
    reason = forms.CharField(
        label="Motivo del reemplazo",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Queda en el historial; no es público.",
    )

    @staticmethod
    def corrections_from(data: dict[str, Any]) -> Corrections:
        """What the replacement prints."""
        return Corrections(
            name=data["name"],
            department=data["department"],
            course_title=data["course_title"],
            hours=data["hours"],
        )


class RevokeForm(forms.Form):
    """Why a constancia loses its force: what is said in public, and what stays inside."""

    revocation = forms.ChoiceField(
        label="Motivo público",
        choices=Certificate.Revocation.choices,
        help_text="Lo lee quien verifica la constancia.",
    )
    internal_reason = forms.CharField(
        label="Motivo interno",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Solo lo lee el personal. No narre situaciones de nadie.",
    )


class SignatoryForm(forms.ModelForm[Signatory]):
    """Who signs, with an image that is always rewritten: opaque, small, without anything else inside."""

    class Meta:
        model = Signatory
        fields = ["name", "position", "valid_from", "valid_to", "order", "image"]
        help_texts = {
            "valid_to": "Quien dejó el cargo ya no puede firmar constancias nuevas.",
            "order": "Primero firma el número menor; en el documento caben tres.",
            "image": "PNG o JPEG de hasta 10 MB; se guarda sobre fondo blanco.",
        }

    def clean_image(self) -> Any:
        """Rewrite what was uploaded; leave what was already stored."""
        given = self.cleaned_data.get("image")
        if not isinstance(given, UploadedFile):
            return given
        return ContentFile(opaque_png(given), name="firma.png")


def opaque_png(upload: "UploadedFile[Any]") -> bytes:
    """Return the picture as an opaque PNG that fits the paper.

    Raises ValidationError (``image_too_big``, ``image_invalid``).
    """
    if (upload.size or 0) > LARGEST_UPLOAD:
        raise ValidationError("La imagen pesa más de 10 MB.", code="image_too_big")
    upload.seek(0)
    try:
        with Image.open(upload, formats=("PNG", "JPEG")) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise ValidationError("La imagen es demasiado grande.", code="image_too_big")
            turned = ImageOps.exif_transpose(picture).convert("RGBA")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise ValidationError(
            "El archivo no es una imagen PNG o JPEG que pueda leerse.", code="image_invalid"
        ) from error
    turned.thumbnail(LARGEST_SIDE)
    paper = Image.new("RGB", turned.size, "white")
    paper.paste(turned, mask=turned.getchannel("A"))
    written = BytesIO()
    paper.save(written, "PNG", optimize=True)
    return written.getvalue()
