"""Somebody with a constancia in her hand, her own or another's, reads whether it stands."""

import json
import re
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from members.models import Member, User
from red_genero.common.states import By
from tests import make
from tests.conftest import signed_in
from tests.documents.reading import copied, photocopy, scanned
from trainings import archiving, certifying, issuing
from trainings.certifying import Corrections
from trainings.models import Certificate, Enrollment
from trainings.views import verification


@pytest.fixture(autouse=True)
def _fresh_limits(db: None) -> None:
    cache.clear()


@pytest.fixture
def issued(carmen: User, alicia: Member) -> Certificate:
    """Alicia's constancia."""
    run = make.taught(people=0)
    return make.certificate(make.enrollment(run, alicia.person), by=carmen)


def text(response: object) -> str:
    return " ".join(getattr(response, "content").decode().split())  # noqa: B009


def machine(page: str) -> dict[str, Any]:
    """Return what the page tells machines."""
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    data: dict[str, Any] = json.loads(found[1])
    return data


def page_of(certificate: Certificate) -> str:
    return reverse("trainings:verify_code", args=[certificate.code])


def account(certificate: Certificate) -> User:
    assert certificate.person.user is not None
    return certificate.person.user


def revoked(certificate: Certificate, by: User) -> Certificate:
    return certifying.revoke(
        certificate,
        revocation=Certificate.Revocation.DATA,
        internal_reason="Se confundió de persona",
        by=By.admin(by),
    )


def test_a_machine_reads_the_same_facts_with_the_day_of_guadalajara(
    client: Client, issued: Certificate
) -> None:
    """At seven in the evening it is already tomorrow in universal time."""
    evening = timezone.localtime(issued.issued_at).replace(hour=19)
    Certificate.objects.filter(pk=issued.pk).update(issued_at=evening)
    data = machine(client.get(page_of(issued)).content.decode())

    assert data["identifier"] == issued.folio
    assert data["creativeWorkStatus"] == "vigente"
    assert data["dateCreated"] == f"{evening:%Y-%m-%d}"
    assert data["about"] == {"@type": "Person", "name": "Alicia Muñoz Íñiguez"}
    assert data["timeRequired"] == "PT6H"
    assert data["temporalCoverage"] == f"{issued.starts_on}/{issued.ends_on}"


def test_a_stranger_reads_that_it_stands(client: Client, issued: Certificate) -> None:
    answer = client.get(page_of(issued))
    page = text(answer)

    assert answer.status_code == HTTPStatus.OK
    for words in (
        "Constancia vigente",
        "Alicia Muñoz Íñiguez",
        "Sesgos cotidianos en la oficina pública",
        "6 horas",
        issued.folio,
        "Instituto Municipal de las Mujeres en Guadalajara",
    ):
        assert words in page
    assert "Dirección de Mercados" not in page
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert '<meta name="robots" content="noindex, nofollow">' in page


def test_the_qr_on_a_photocopy_leads_to_that_page(client: Client, issued: Certificate) -> None:
    content = archiving.read_pdf(issued)
    assert content is not None
    target = scanned(photocopy(content))

    assert target == [f"http://testserver{page_of(issued)}"]
    assert "Constancia vigente" in text(client.get(target[0]))
    assert "Alicia Muñoz Íñiguez" in copied(content)


@pytest.mark.parametrize("change", [str.lower, "-".join, lambda code: f" {code} "])
def test_case_spaces_and_dashes_of_the_code_do_not_matter(
    client: Client, issued: Certificate, change: object
) -> None:
    assert callable(change)
    answer = client.get(reverse("trainings:verify_code", args=[change(issued.code)]))

    assert answer.status_code == HTTPStatus.MOVED_PERMANENTLY
    assert answer["Location"] == page_of(issued)


@pytest.mark.parametrize("shape", ["{}", "  {}  ", "lower", "no dashes"])
def test_the_form_takes_folio_or_code_however_they_are_typed(
    client: Client, issued: Certificate, shape: str
) -> None:
    for known in (issued.folio, issued.printed_code):
        typed = {"lower": known.lower(), "no dashes": known.replace("-", " ")}.get(
            shape, shape.format(known)
        )
        answer = client.get(reverse("trainings:verify"), {"clave": typed})
        assert answer["Location"] == page_of(issued)


@pytest.mark.parametrize(
    "typed",
    ["RED-2026-9999", "x", "<script>alert(1)</script>", "🙂", "A" * 5000, "RED-2026-" + "9" * 30],
)
def test_what_was_never_issued_is_unknown(client: Client, issued: Certificate, typed: str) -> None:
    answer = client.get(reverse("trainings:verify"), {"clave": typed})

    assert answer.status_code == HTTPStatus.NOT_FOUND
    assert "No encontramos esa constancia" in text(answer)
    assert "<script>alert" not in text(answer)


@pytest.mark.parametrize("code", ["ABC", "---", "%F0%9F%99%82", "A" * 2000, "%00"])
def test_an_unknown_code_has_other_words(client: Client, code: str) -> None:
    answer = client.get(f"/verificar/{code}/", follow=True)

    assert answer.status_code == HTTPStatus.NOT_FOUND
    assert "No conocemos ese código" in text(answer)
    assert "vigente" not in text(answer).split("<main")[1]


def test_a_revoked_one_says_since_when_and_the_public_reason_only(
    client: Client, issued: Certificate, fernanda: User
) -> None:
    revoked(issued, fernanda)
    page = text(client.get(page_of(issued)))

    assert "se revocó y no vale desde el" in page
    assert "Error en los datos" in page
    assert "Se confundió de persona" not in page
    assert "Alicia" not in page


def test_a_replaced_one_leads_to_the_one_that_stands(
    client: Client, issued: Certificate, fernanda: User
) -> None:
    new = certifying.replace(
        issued, by=By.admin(fernanda), reason="Acento", corrections=Corrections(name="Alicia Muñóz")
    )
    page = text(client.get(page_of(issued)))

    assert f'href="{page_of(new)}"' in page
    assert new.folio in page
    assert "Alicia Muñóz" in text(client.get(page_of(new)))


def test_it_survives_a_baja_and_a_change_of_name(client: Client, issued: Certificate) -> None:
    Member.objects.update(state=Member.State.ENDED)
    type(issued.person).objects.update(given_names="Otra", first_surname="Persona")

    assert "Alicia Muñoz Íñiguez" in text(client.get(page_of(issued)))


def test_machines_read_the_same_and_no_name_can_close_the_script(
    client: Client, issued: Certificate, fernanda: User
) -> None:
    hostile = "Alicia </script><script>alert(1)</script> & Muñoz"
    new = certifying.replace(
        issued, by=By.admin(fernanda), reason="Prueba", corrections=Corrections(name=hostile)
    )
    page = client.get(page_of(new)).content.decode()
    data = machine(page)

    assert data["about"]["name"] == hostile
    assert (data["identifier"], data["creativeWorkStatus"]) == (new.folio, "vigente")
    assert "<script>alert" not in page


@pytest.mark.usefixtures("still_clock")
def test_guessing_is_slowed_down(client: Client, issued: Certificate) -> None:
    form = reverse("trainings:verify")
    answers = [
        client.get(form, {"clave": f"RED-2026-{number}"}).status_code
        for number in range(9000, 9000 + verification.TYPED_LIMIT + 1)
    ]

    assert answers[:-1] == [HTTPStatus.NOT_FOUND] * verification.TYPED_LIMIT
    assert answers[-1] == HTTPStatus.TOO_MANY_REQUESTS
    assert client.get(form).status_code == HTTPStatus.OK
    other = client.get(form, {"clave": issued.folio}, REMOTE_ADDR="198.51.100.7")
    assert other["Location"] == page_of(issued)


@pytest.mark.usefixtures("still_clock")
def test_the_page_is_limited_generously(client: Client, issued: Certificate) -> None:
    for _ in range(verification.PAGE_LIMIT):
        last = client.get(page_of(issued))
    assert last.status_code == HTTPStatus.OK
    assert client.get(page_of(issued)).status_code == HTTPStatus.TOO_MANY_REQUESTS


@pytest.mark.parametrize("number", [1, 3, 12])
def test_verifying_takes_as_many_queries_among_all(
    client: Client,
    issued: Certificate,
    number: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    copies = [
        Certificate(
            folio=f"RED-2020-{copy:04d}",
            kind=issued.kind,
            person=issued.person,
            edition=issued.edition,
            name=issued.name,
            course_title=issued.course_title,
            hours=issued.hours,
            starts_on=issued.starts_on,
            ends_on=issued.ends_on,
            template=issued.template,
            frozen=issued.frozen,
            issued_by=issued.issued_by,
        )
        for copy in range(1, number)
    ]
    Certificate.objects.bulk_create(copies)
    client.get(page_of(issued))
    with django_assert_num_queries(8):
        client.get(page_of(issued))
    member = signed_in(account(issued))
    member.get(reverse("trainings:certificate_list"))
    with django_assert_num_queries(9):
        page = text(member.get(reverse("trainings:certificate_list")))
    assert f"{number} vigente" in page


def test_hers_are_listed_with_the_hours_that_stand(issued: Certificate, fernanda: User) -> None:
    member = signed_in(account(issued))
    page = text(member.get(reverse("trainings:certificate_list")))
    assert "1 vigente, 6 horas de formación." in page
    assert "Perspectiva de Género" in page

    revoked(issued, fernanda)
    assert "0 vigentes, 0 horas" in text(member.get(reverse("trainings:certificate_list")))


def test_who_has_none_reads_what_to_do(beatriz: Member) -> None:
    assert beatriz.person.user is not None
    page = text(signed_in(beatriz.person.user).get(reverse("trainings:certificate_list")))
    assert "Aún no tiene constancias" in page


def pdf_of(certificate: Certificate) -> str:
    return reverse("trainings:certificate_pdf", args=[certificate.code])


def test_its_holder_gets_the_very_bytes_that_were_issued(issued: Certificate) -> None:
    answer = signed_in(account(issued)).get(pdf_of(issued))

    assert answer.content == archiving.read_pdf(issued)
    assert answer["Content-Disposition"] == f'inline; filename="constancia-{issued.folio}.pdf"'
    assert "no-store" in answer["Cache-Control"]


def test_another_integrante_and_a_stranger_do_not(
    client: Client, issued: Certificate, beatriz: Member
) -> None:
    assert beatriz.person.user is not None
    assert signed_in(beatriz.person.user).get(pdf_of(issued)).status_code == HTTPStatus.NOT_FOUND
    assert client.get(pdf_of(issued))["Location"].startswith(reverse("account_login"))


def test_only_the_coordinator_of_that_edition_does(issued: Certificate, carmen: User) -> None:
    desk = signed_in(carmen)
    assert desk.get(pdf_of(issued)).status_code == HTTPStatus.NOT_FOUND
    issued.edition.coordinators.add(carmen)
    assert desk.get(pdf_of(issued)).status_code == HTTPStatus.OK


def test_training_staff_does(issued: Certificate, fernanda: User) -> None:
    assert signed_in(fernanda).get(pdf_of(issued)).status_code == HTTPStatus.OK


def test_a_file_still_to_be_made_says_so(issued: Certificate, fernanda: User) -> None:
    new = certifying.replace(
        issued, by=By.admin(fernanda), reason="Acento", corrections=Corrections(name="Alicia Muñóz")
    )
    holder = signed_in(account(issued))
    answer = holder.get(pdf_of(new))
    assert answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert "PDF en preparación" in text(answer)

    Certificate.objects.filter(pk=new.pk).update(issued_at=timezone.now() - timedelta(hours=1))
    issuing.work_through_lost(timedelta(minutes=2))
    assert holder.get(pdf_of(new)).status_code == HTTPStatus.OK


def test_training_staff_replaces_and_revokes_from_the_administration(
    issued: Certificate, fernanda: User, carmen: User
) -> None:
    staff = signed_in(fernanda)
    replace = reverse("admin:trainings_certificate_replace", args=[issued.pk])
    assert 'value="Alicia Muñoz Íñiguez"' in text(staff.get(replace))
    staff.post(
        replace,
        {
            "name": "Alicia Muñóz Íñiguez",
            "department": "",
            "course_title": issued.course_title,
            "hours": "6",
            "reason": "Faltaba un acento",
        },
    )
    new = Certificate.objects.valid().get()
    assert (new.name, new.frozen["department"]) == ("Alicia Muñóz Íñiguez", "")

    revoke = reverse("admin:trainings_certificate_revoke", args=[new.pk])
    answer = staff.post(revoke, {"revocation": "error_datos", "internal_reason": ""})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    staff.post(revoke, {"revocation": "error_datos", "internal_reason": "Otra persona"})
    new.refresh_from_db()
    assert new.state == Certificate.State.REVOKED

    carmen.is_staff = True
    carmen.save()
    assert signed_in(carmen).get(revoke).status_code in {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}
    assert Enrollment.objects.get().state == Enrollment.State.COMPLETED


def upload(client: Client, content: bytes) -> object:
    file = SimpleUploadedFile("constancia.pdf", content, content_type="application/pdf")
    return client.post(reverse("trainings:verify_file"), {"pdf": file})


def test_a_file_is_compared_byte_by_byte_and_kept_nowhere(
    client: Client, issued: Certificate, fernanda: User
) -> None:
    content = archiving.read_pdf(issued)
    assert content is not None
    same = upload(client, content)
    other = upload(client, content + b"\n")

    assert getattr(same, "status_code") == HTTPStatus.OK  # noqa: B009
    assert issued.folio in text(same)
    assert "está vigente" in text(same)
    assert getattr(other, "status_code") == HTTPStatus.NOT_FOUND  # noqa: B009
    assert "no es uno que la Red emitió" in text(other)
    revoked(issued, fernanda)
    assert "ya no está vigente" in text(upload(client, content))


def test_a_file_too_large_or_none_is_refused_with_a_sentence(client: Client, db: None) -> None:
    for answer in (
        upload(client, b"%PDF" * 1_400_000),
        client.post(reverse("trainings:verify_file")),
    ):
        assert getattr(answer, "status_code") == HTTPStatus.UNPROCESSABLE_ENTITY  # noqa: B009
        assert "Elija un archivo PDF de hasta 5 MB." in text(answer)
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(reverse("trainings:verify_file")).status_code == HTTPStatus.FORBIDDEN
