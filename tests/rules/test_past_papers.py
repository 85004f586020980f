"""Constancias of before the portal: judged row by row, loaded all or none, counted in the kárdex."""

from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from members import spreadsheets
from members.models import Member, User
from red_genero.common.models import FolioCounter, QueuedMail
from tests import make
from tests.conftest import signed_in
from tests.documents import reading
from trainings import loading
from trainings.kardex import NO_AREA, Kardex
from trainings.models import PastCertificate

HEAD = "Correo;Folio;Formación;Área;Horas;Inicio;Fin;Emitió\n"


def row(member: Member, **changes: str) -> str:
    """Return a row that is right, but for the changes."""
    assert member.person.user is not None
    said = {
        "correo": member.person.user.email.upper(),
        "folio": "IMMG-17/2023",
        "formacion": "=Taller «Nuevas masculinidades»",
        "area": "",
        "horas": "7,5",
        "inicio": "03/11/2023",
        "fin": "2023-11-05",
        "emitio": "Instituto",
    }
    return ";".join({**said, **changes}.values()) + "\n"


def test_every_row_tells_what_is_wrong_and_nothing_is_loaded(
    alicia: Member, beatriz: Member, fernanda: User
) -> None:
    content = (
        HEAD
        + row(alicia)
        + row(beatriz, correo="nadie@example.org", horas="muchas", fin="ayer", area="Astrología")
        + row(beatriz, folio="RED-2023-0001")
        + row(beatriz, horas="-2", fin="2022-01-01")
        + row(alicia)
    ).encode("cp1252")
    lines = loading.read(content, by=fernanda)

    assert [len(line.errors) for line in lines] == [0, 4, 1, 2, 1]
    assert "La serie RED es del portal" in lines[2].errors[0]
    with pytest.raises(ValidationError, match="no se cargó ninguno"):
        loading.load(content, by=fernanda)
    assert not PastCertificate.objects.exists()


def test_they_count_in_the_kardex_apart_from_the_series_and_without_mail(
    alicia: Member, fernanda: User
) -> None:
    area = make.course().area
    content = (HEAD + row(alicia) + row(alicia, folio="B-2", area=area.name.upper())).encode()
    client, address = signed_in(fernanda), reverse("trainings:past_load")
    shown = client.post(address, {"file": SimpleUploadedFile("h.csv", content)})
    assert shown.status_code == 200
    assert "Cargar 2 constancias" in shown.content.decode()
    assert not PastCertificate.objects.exists()
    for _ in range(2):
        client.post(address, {"content": content.decode(), "confirm": "1"})

    kardex = Kardex(alicia.person)
    assert PastCertificate.objects.count() == 2
    assert dict(kardex.areas) == {area.name: Decimal("7.5"), NO_AREA: Decimal("7.5")}
    assert not QueuedMail.objects.filter(kind__startswith="trainings/").exists()
    assert not FolioCounter.objects.filter(series="RED").exists()
    assert alicia.person.user is not None
    member = signed_in(alicia.person.user)
    assert (
        "Anteriores al portal" in member.get(reverse("trainings:certificate_list")).content.decode()
    )
    text = " ".join(reading.pages(member.get(reverse("trainings:kardex_pdf")).content))
    for words in ("IMMG-17/2023", "15 horas", "Nuevas masculinidades", alicia.person.printed_name):
        assert words in text


def test_a_workbook_is_read_as_its_csv_and_a_formula_in_it_is_refused(
    alicia: Member, fernanda: User
) -> None:
    titles, *rows = [
        line.split(";") for line in (HEAD + row(alicia, formacion="Taller")).split("\n")
    ]
    client, address = signed_in(fernanda), reverse("trainings:past_load")
    book = spreadsheets.xlsx(titles, [list(line) for line in rows if line != [""]])
    shown = client.post(address, {"file": SimpleUploadedFile("h.xlsx", book)})
    client.post(address, {"content": shown.context["content"], "confirm": "1"})

    assert shown.status_code == 200
    assert PastCertificate.objects.get().course_title == "Taller"
    bad = openpyxl.Workbook()
    bad.worksheets[0].append([*titles[:-1], "=1+1"])
    content = BytesIO()
    bad.save(content)
    refused = client.post(address, {"file": SimpleUploadedFile("h.xlsx", content.getvalue())})
    assert refused.status_code == 422
    assert "notice--stop" in refused.content.decode()


def test_what_is_no_such_sheet_is_refused_with_a_sentence(fernanda: User) -> None:
    client, address = signed_in(fernanda), reverse("trainings:past_load")
    for content in (b"", b"\x00\xff\xfe basura", b"correo,folio\na,b\n", b"a" * 1_000_001):
        answer = client.post(address, {"file": SimpleUploadedFile("h.csv", content or b" ")})
        assert answer.status_code == 422
        assert "notice--stop" in answer.content.decode()
