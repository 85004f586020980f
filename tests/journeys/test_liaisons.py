"""An enlace is asked for, named, accepts and appears; and anybody reads how far the network reaches."""

import datetime
import hashlib
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from members import designating, formalizing, membership, requesting
from members.models import (
    Department,
    Designation,
    DesignationRequest,
    LiaisonRole,
    Member,
    Person,
    User,
)
from red_genero.common.models import AccessLog, QueuedMail
from red_genero.common.states import By
from tests import make
from tests.conftest import signed_in
from tests.documents import reading
from tests.rules import liaising

State = Designation.State
BOARD = "/indicadores/cobertura/"


def upload(content: bytes = liaising.PDF) -> SimpleUploadedFile:
    """Return a file as a browser sends it."""
    return SimpleUploadedFile("escaneo.pdf", content, "application/pdf")


def oficio_fields(**more: object) -> dict[str, object]:
    """Return what is typed about an oficio."""
    today = timezone.localdate().isoformat()
    return {"number": "DM/7/2026", "date": today, "file": upload(), **more}


def test_from_the_letter_to_the_public_page(valentina: User, client: Client) -> None:
    liaising.signer()
    market = make.department("Dirección de Mercados")
    she = liaising.worker(market)
    staff = signed_in(valentina)
    asked = staff.post(
        reverse("admin:members_department_ask_for_liaison", args=[market.pk]),
        {
            "role": "titular",
            "addressee": "Mtra. Ana Ruiz",
            "addressee_position": "Directora de Mercados",
            "addressee_email": "ana.ruiz@guadalajara.gob.mx",
            "copies": "Lic. Ñusta Güereña, Contralora\nArchivo",
            "answer_days": "10",
        },
    )
    assert asked.status_code == 302
    letter = DesignationRequest.objects.get()
    assert letter.folio == f"OFI-{timezone.localdate().year}-0001"
    pdf = staff.get(f"/enlace/solicitudes/{letter.folio}.pdf")
    assert hashlib.sha256(pdf.content).hexdigest() == letter.sha256
    [text] = reading.pages(pdf.content)
    for words in (letter.folio, "Mtra. Ana Ruiz", "Directora de Mercados", "Ñusta Güereña"):
        assert words in text
    assert "Sofía Ñáñez Íñiguez" in text
    mail = QueuedMail.objects.get(kind="members/designation_requested")
    assert mail.recipient == "ana.ruiz@guadalajara.gob.mx"

    named = staff.post(
        reverse("admin:members_designationrequest_nominate", args=[letter.pk]),
        oficio_fields(role="titular", person=she.pk),
    )
    assert named.status_code == 302
    letter.refresh_from_db()
    assert (letter.state, letter.answer_number) == ("respondido", "DM/7/2026")
    row = Designation.objects.get()
    page = reverse("members:designation_detail", args=[row.key])
    browser = signed_in(she.user)  # type: ignore[arg-type]
    assert "Su dependencia le propone" in browser.get("/panel/").content.decode()
    assert "¿Acepta el encargo?" in browser.get(page).content.decode()
    assert browser.post(f"{page}aceptar/", {}).status_code == 422
    accepted = browser.post(f"{page}aceptar/", {"show_name": "publico"}, follow=True)
    assert "Aceptada, en validación" in accepted.content.decode()
    assert browser.get(f"{page}aceptar/").status_code == 405

    directory = f"/directorio/{market.key}/"
    assert "Sin enlace designado" in client.get(directory).content.decode()
    validated = staff.post(
        reverse("admin:members_designation_validate", args=[row.pk]),
        {"start": timezone.localdate().isoformat()},
    )
    assert validated.status_code == 302
    assert f"Enlace titular: {she.full_name}" in client.get(directory).content.decode()
    assert "100.0 %" in client.get(BOARD).content.decode().replace(",", ".")


def test_she_proposes_herself_and_brings_the_oficio(alicia: Member) -> None:
    browser = signed_in(alicia.person.user)  # type: ignore[arg-type]
    place = alicia.person.assignments.get().department
    asked = browser.post("/enlace/propuesta/", {"department": place.key, "role": "suplente"})
    row = Designation.objects.get()
    page = reverse("members:designation_detail", args=[row.key])
    assert asked.headers["Location"] == page
    wrong = browser.post(f"{page}entrega/", oficio_fields(file=upload(b"MZ no es un PDF")))
    assert wrong.status_code == 422
    assert "no es de un tipo que se reciba aquí" in wrong.content.decode()
    tomorrow = (timezone.localdate() + datetime.timedelta(days=1)).isoformat()
    late = browser.post(f"{page}entrega/", oficio_fields(date=tomorrow))
    assert late.status_code == 422
    row.refresh_from_db()
    assert (row.state, row.oficio.name) == (State.PROPOSED, "")
    assert browser.post(f"{page}entrega/", oficio_fields()).status_code == 302
    row.refresh_from_db()
    assert row.state == State.ACCEPTED
    stored = browser.get(f"{page}oficio/")
    assert (stored.content, stored.headers["Content-Type"]) == (liaising.PDF, "application/pdf")
    assert stored.headers["Content-Disposition"].startswith("attachment")
    assert "no-store" in stored.headers["Cache-Control"]
    elsewhere = make.department("Otra")
    refused = browser.post("/enlace/propuesta/", {"department": elsewhere.key, "role": "titular"})
    assert refused.status_code == 422


def test_a_designation_is_hers_and_of_who_validates(
    alicia: Member, beatriz: Member, valentina: User, carmen: User, client: Client
) -> None:
    place = alicia.person.assignments.get().department
    row = liaising.nominated(place, alicia.person, by=valentina)
    page = reverse("members:designation_detail", args=[row.key])
    for stranger in (beatriz.person.user, carmen, valentina):
        other = signed_in(stranger)  # type: ignore[arg-type]
        assert other.get(page).status_code == 404
        assert other.post(f"{page}aceptar/", {"show_name": "nadie"}).status_code == 404
        assert other.post(f"{page}declinar/").status_code == 404
    assert client.get(page).status_code == 302
    assert signed_in(beatriz.person.user).get(f"{page}oficio/").status_code == 404  # type: ignore[arg-type]
    assert signed_in(valentina).get(f"{page}oficio/").status_code == 200
    she = signed_in(alicia.person.user)  # type: ignore[arg-type]
    assert she.get(f"{page}declinar/").status_code == 200
    row.refresh_from_db()
    assert row.state == State.NOMINATED
    assert she.post(f"{page}declinar/").status_code == 302
    assert she.post(f"{page}declinar/").status_code == 302
    row.refresh_from_db()
    assert row.state == State.DECLINED


@pytest.mark.parametrize("who", ["visitor", "applicant", "member", "coordinator", "staff"])
@pytest.mark.parametrize("shown", Person.Visibility.values)
@pytest.mark.parametrize("hidden", [False, True])
def test_who_reads_her_name(
    *, who: str, shown: str, hidden: bool, beatriz: Member, valentina: User, carmen: User
) -> None:
    market = make.department("Dirección de Mercados")
    she = make.member(make.person("Xóchitl", "Tzompantzi"), works_in=market).person
    liaising.in_force(market, she, by=valentina, show_name=shown)
    Person.objects.filter(pk=she.pk).update(hidden=hidden)
    users = {
        "applicant": make.application().person.user,
        "member": beatriz.person.user,
        "coordinator": carmen,
        "staff": valentina,
    }
    browser = Client() if who == "visitor" else signed_in(users[who])  # type: ignore[arg-type]
    page = browser.get(f"/directorio/{market.key}/").content.decode()
    allowed = {"visitor": ["publico"], "applicant": ["publico"], "coordinator": ["publico"]}
    expected = shown in allowed.get(who, ["publico", "integrantes"]) and not hidden
    assert ("Xóchitl" in page) == expected
    assert "Enlace titular" in page
    assert "Xóchitl" not in browser.get(BOARD).content.decode()
    assert "Xóchitl" not in browser.get(f"{BOARD}datos.csv").content.decode()
    people = browser.get(f"{BOARD}personas/")
    assert people.status_code == {"staff": 200, "visitor": 302}.get(who, 404)
    assert ("Xóchitl" in people.content.decode()) == (who == "staff")
    assert AccessLog.objects.count() == int(who == "staff")


def test_a_suspended_enlace_is_not_named(valentina: User, client: Client) -> None:
    market = make.department()
    row = liaising.in_force(market, by=valentina, show_name=Person.Visibility.PUBLIC)
    membership.suspend(row.person.member, reason="Licencia", by=By.admin(valentina))
    page = client.get(f"/directorio/{market.key}/").content.decode()
    assert row.person.first_surname not in page


def test_the_board_of_another_day(valentina: User, client: Client) -> None:
    market = make.department("Dirección de Mercados")
    liaising.in_force(market, by=valentina)
    today = timezone.localdate()
    page = client.get(f"{BOARD}?fecha={today}")
    assert page.status_code == 200
    assert page.context["coverage"].covered == 1
    before = client.get(f"{BOARD}?fecha={today - datetime.timedelta(days=1)}")
    assert "No hay datos de ese día" in before.content.decode()
    for wrong in ("ayer", "2026-13-40", f"{today + datetime.timedelta(days=1)}", "0001-01-01x"):
        for address in (BOARD, f"{BOARD}datos.csv"):
            assert client.get(address, {"fecha": wrong}).status_code == 400
    assert client.get(f"{BOARD}?fecha=0001-01-01").status_code == 200


def test_the_table_is_sorted_by_url_and_says_the_same_as_the_file(
    valentina: User, client: Client
) -> None:
    names = ["Nóminas", "Ñandú", "Oficialía"]
    rows = {name: make.department(name) for name in reversed(names)}
    liaising.in_force(rows["Ñandú"], by=valentina)
    found = [post.department.name for post in client.get(BOARD).context["page_obj"]]
    assert found == names
    page = client.get(f"{BOARD}?orden=-situacion")
    assert [post.department.name for post in page.context["page_obj"]][-1] == "Ñandú"
    assert 'aria-sort="descending"' in page.content.decode()
    text = client.get(f"{BOARD}datos.csv?orden=situacion").content.decode()
    lines = text.removeprefix("\ufeff").splitlines()
    assert [line.split(",")[0] for line in lines[1:]] == ["Ñandú", "Nóminas", "Oficialía"]
    assert lines[1].split(",")[5] == "Con titular"
    dots = re.findall(r"<title>([^<]*: [^<]*)</title>", page.content.decode())
    assert sorted(dots) == ["Nóminas: Sin enlace", "Oficialía: Sin enlace", "Ñandú: Con titular"]


@pytest.mark.once
@pytest.mark.parametrize("rows", [3, 300])
def test_queries_of_the_board_do_not_grow(
    rows: int,
    valentina: User,
    client: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    above = None
    for number in range(rows):
        place = make.department(f"Dirección {number}", parent=above)
        above = place if number % 7 == 0 else above
        if number < 3:
            liaising.in_force(place, by=valentina)
            formalizing.open_unit(place, by=By.admin(valentina))
    staff = signed_in(valentina)
    staff.get(f"{BOARD}personas/")
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    with django_assert_num_queries(10):
        client.get(BOARD)
    with django_assert_num_queries(6):
        client.get(f"{BOARD}datos.csv")
    with django_assert_num_queries(12):
        client.get(f"{BOARD}?fecha={yesterday}")
    with django_assert_num_queries(21):
        staff.get(f"{BOARD}personas/")


def test_letters_that_nobody_answered(valentina: User) -> None:
    liaising.signer()
    market = make.department()
    by = By.admin(valentina)
    letter = requesting.issue(market, addressee="Ana", addressee_position="Directora", by=by)
    today = timezone.localdate()
    assert list(DesignationRequest.objects.overdue(letter.answer_due)) == []
    day_after = letter.answer_due + datetime.timedelta(days=1)
    assert list(DesignationRequest.objects.overdue(day_after)) == [letter]
    DesignationRequest.objects.update(answer_due=today - datetime.timedelta(days=1))
    staff = signed_in(valentina)
    assert letter.folio in staff.get(f"{BOARD}personas/").content.decode()
    listed = staff.get("/admin/members/designationrequest/?plazo=vencido")
    assert letter.folio in listed.content.decode()
    assert "Oficios sin respuesta en plazo" in staff.get("/admin/").content.decode()
    twice = staff.post(
        reverse("admin:members_department_ask_for_liaison", args=[market.pk]),
        {"role": "titular", "addressee": "A", "addressee_position": "B", "answer_days": "5"},
    )
    assert "sigue sin respuesta" in twice.content.decode()
    assert DesignationRequest.objects.count() == 1
    requesting.cancel(letter, reason="Cambió la titularidad", by=by)
    again = requesting.issue(market, addressee="Eva", addressee_position="Directora", by=by)
    assert again.folio.endswith("-0002")


def test_a_letter_needs_somebody_who_signs(valentina: User) -> None:
    staff = signed_in(valentina)
    market = make.department()
    page = staff.post(
        reverse("admin:members_department_ask_for_liaison", args=[market.pk]),
        {"role": "titular", "addressee": "A", "addressee_position": "B", "answer_days": "5"},
    )
    assert "Falta registrar quién firma" in page.content.decode()
    assert not DesignationRequest.objects.exists()


def test_what_waits_for_validation_is_on_the_desk(valentina: User) -> None:
    market = make.department()
    liaising.accepted(market, by=valentina)
    assert "Enlaces por validar" in signed_in(valentina).get("/admin/").content.decode()
    with_end = liaising.accepted(market, by=valentina, role=LiaisonRole.ALTERNATE)
    designating.reject(with_end, reason="El oficio no lleva firma", by=By.admin(valentina))
    mail = QueuedMail.objects.get(kind="members/designation_rejected")
    assert "El oficio no lleva firma" in mail.text
    assert Department.objects.count() == 1
