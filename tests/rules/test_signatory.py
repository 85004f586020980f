"""Who signs: only between her dates, with an image that is always rewritten."""

import datetime
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from PIL import Image

from members.models import User
from red_genero.documents import render
from tests import make
from trainings import archiving, documents
from trainings.forms.certificate import SignatoryForm
from trainings.models import Certificate, Signatory


def drawn(mode: str = "RGBA", kind: str = "PNG", size: tuple[int, int] = (2400, 600)) -> bytes:
    """Return a picture as somebody would upload it."""
    written = BytesIO()
    Image.new(mode, size).save(written, kind)
    return written.getvalue()


def form_with(content: bytes, name: str = "firma.png") -> SignatoryForm:
    """Return the form with that file."""
    return SignatoryForm(
        {"name": "Ana Luna", "position": "Titular", "valid_from": "2026-01-01", "order": "0"},
        MultiValueDict({"image": [SimpleUploadedFile(name, content)]}),
    )


def test_only_who_is_in_force_signs(db: None) -> None:
    today = timezone.localdate()
    day = datetime.timedelta(days=1)
    for name, since, until in (
        ("se fue", today - 9 * day, today - day),
        ("último día", today - 9 * day, today),
        ("desde hoy", today, None),
        ("desde mañana", today + day, None),
    ):
        Signatory.objects.create(name=name, position="x", valid_from=since, valid_to=until)

    found = Signatory.objects.in_force(today).values_list("name", flat=True)
    assert set(found) == {"último día", "desde hoy"}


@pytest.mark.parametrize(("mode", "kind"), [("RGBA", "PNG"), ("L", "PNG"), ("RGB", "JPEG")])
def test_the_image_is_rewritten_small_and_opaque(db: None, mode: str, kind: str) -> None:
    signatory = form_with(drawn(mode, kind)).save()
    with signatory.image.open() as file, Image.open(file) as stored:
        assert (stored.format, stored.mode, stored.size) == ("PNG", "RGB", (1200, 300))
    assert str(signatory.image.name).endswith(".png")


@pytest.mark.parametrize(
    "content",
    [b"%PDF-1.7 no es imagen", b"<svg xmlns='http://www.w3.org/2000/svg'/>", drawn()[:200]],
)
def test_what_is_no_picture_is_refused(db: None, content: bytes) -> None:
    form = form_with(content)

    assert not form.is_valid()
    assert list(form.errors) == ["image"]


def test_the_signature_is_printed_and_frozen(carmen: User) -> None:
    signatory = form_with(drawn("RGB", size=(400, 100))).save()
    issued = make.certificate(make.taught(people=1).enrollments.get(), by=carmen)
    frozen = issued.frozen["context"]["signatories"]
    assert [person["image"]["name"] for person in frozen] == [signatory.image.name]

    form_with(drawn("RGB", size=(500, 100))).save()
    signatory.delete()
    same = Certificate.objects.get(pk=issued.pk)
    assert render(documents.certificate_document(same)) == archiving.read_pdf(issued)
