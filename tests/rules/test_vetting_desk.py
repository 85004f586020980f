"""The vetting desk: what waits longest, who looks alike, what the personnel notes for itself."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from members import duplicates, holdings, vetting
from members.models import Application, ApplicationNote, DistinctPeople, Person, User
from red_genero.common.models import QueuedMail, Transition
from red_genero.common.states import By
from tests import make
from tests.conftest import signed_in

LIST = "/admin/members/application/"


def named(given: str, surname: str, second: str = "", **more: str) -> Person:
    """Return somebody whom the Instituto knows."""
    person = make.person(given, surname, second)
    for name, value in more.items():
        setattr(person, name, value)
    person.save()
    return person


def test_the_trays_count_what_waits_and_say_what_is_pressing(valentina: User) -> None:
    old, fresh = make.application(), make.application()
    make.in_review(valentina)
    long_ago = timezone.now() - datetime.timedelta(days=12)
    Application.objects.filter(pk=old.pk).update(sent_at=long_ago)
    staff = signed_in(valentina)

    page = staff.get(LIST).content.decode()
    for words in (
        "Por atender (3)",
        "Urgentes (1)",
        "Nadie las revisa (2)",
        "Las que reviso yo (1)",
    ):
        assert words in page
    assert page.index(str(old.folio)) < page.index(str(fresh.folio))
    assert "12 días" in page
    urgent = staff.get(LIST, {"bandeja": "urgentes"}).content.decode()
    assert (str(old.folio) in urgent, str(fresh.folio) in urgent) == (True, False)
    assert staff.get(LIST, {"bandeja": "no-hay"}).status_code == 200


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        ({}, {}, "el mismo nombre"),
        (
            {"surname": "X", "employee_number": "00123"},
            {"employee_number": "00123"},
            "número de empleada",
        ),
        ({"surname": "X", "mobile": "3312345678"}, {"mobile": "3312345678"}, "celular"),
        (
            {"surname": "X", "office_phone": "3312345678", "extension": "12"},
            {"office_phone": "3312345678", "extension": "12"},
            "teléfono y extensión",
        ),
        (
            {"surname": "X", "alternate_email": "ines@gdl.mx"},
            {"alternate_email": "ines@gdl.mx"},
            "correo",
        ),
    ],
)
def test_who_looks_alike_and_by_what(
    db: None, one: dict[str, str], other: dict[str, str], reason: str
) -> None:
    her = named("INES MARIA", one.pop("surname", "guerena"), **one)
    alike = named("Inés María", "Güereña", **other)
    named("Inés", "Güereña")
    named("Inés María", "Güereña Otra", office_phone="3312345678")

    (found,) = duplicates.of(her)
    assert found.person == alike
    assert reason in found.why


def test_a_draft_is_not_compared(db: None) -> None:
    draft = make.draft()
    her = named("Inés", "Güereña")
    assert draft.person.name_key == her.name_key
    assert duplicates.of(her) == []


def test_a_likeness_is_dismissed_once_with_a_note(valentina: User) -> None:
    application = make.in_review(valentina)
    other = named("Ines", "Guerena")
    staff, desk = signed_in(valentina), f"{LIST}{application.pk}"
    page = staff.get(f"{desk}/change/").content.decode()
    assert "el mismo nombre" in page
    assert "No es la misma persona" in page
    warned = "compruebe que no sea la misma persona"
    assert warned in staff.get(f"{desk}/aprobar/").content.decode()
    data = {"other": str(other.pk), "note": "Homónima: otra dependencia."}
    path = f"{desk}/no-es-la-misma-persona/"
    assert staff.post(path, {**data, "note": ""}).status_code == 422
    assert staff.post(path, {**data, "other": str(valentina.person.pk)}).status_code == 422
    assert staff.post(path, data).status_code == 302
    assert staff.post(path, data).status_code in {302, 422}
    assert DistinctPeople.objects.get().note == "Homónima: otra dependencia."
    assert duplicates.open_for(application.person) == []
    assert "Homónima: otra dependencia." in staff.get(f"{desk}/change/").content.decode()
    assert warned not in staff.get(f"{desk}/aprobar/").content.decode()
    assert duplicates.open_for(other) == []


def test_a_note_is_never_hers_to_read(valentina: User, diana: User) -> None:
    application = make.in_review(valentina)
    her = application.person.user
    assert her is not None
    desk = f"{LIST}{application.pk}"
    for _ in range(2):
        assert (
            signed_in(diana).post(f"{desk}/anotar/", {"text": "Llamar a su área"}).status_code
            == 302
        )
    assert ApplicationNote.objects.count() == 1
    assert "Llamar a su área" in signed_in(valentina).get(f"{desk}/change/").content.decode()
    for path in ("/solicitud/", "/panel/", "/mis-datos/"):
        assert "Llamar a su área" not in signed_in(her).get(path).content.decode()
    assert "Llamar a su área" not in str(holdings.as_data(application.person))
    with pytest.raises(TypeError):
        ApplicationNote.objects.update(text="Otra")


def test_the_second_person_reads_who_has_it(valentina: User, diana: User) -> None:
    application = make.in_review(valentina)
    page = f"{LIST}{application.pk}/change/"
    assert "Puede leerla y anotar" in signed_in(diana).get(page).content.decode()
    assert "Puede leerla y anotar" not in signed_in(valentina).get(page).content.decode()
    refused = signed_in(diana).post(f"{LIST}{application.pk}/aprobar/", follow=True)
    assert "La revisa Valentina Ríos" in refused.content.decode()
    retired = signed_in(diana).post(f"{LIST}{application.pk}/retirar/", {"reason": "Lo pidió"})
    assert retired.status_code == 422
    application.refresh_from_db()
    assert application.state == Application.State.IN_REVIEW


@pytest.mark.parametrize("state", ["enviada", "en_revision", "requiere_informacion"])
def test_staff_takes_it_back_for_her_with_one_mail(valentina: User, state: str) -> None:
    application = make.application() if state == "enviada" else make.in_review(valentina)
    if state == "requiere_informacion":
        vetting.request_information(application, question="¿Área?", by=By.admin(valentina))
    path = f"{LIST}{application.pk}/retirar/"
    staff = signed_in(valentina)
    assert staff.post(path, {"reason": " "}).status_code == 422
    for _ in range(2):
        staff.post(path, {"reason": "Lo pidió por teléfono"})
    application.refresh_from_db()
    assert application.state == Application.State.WITHDRAWN
    line = Transition.objects.about(application).last()
    assert line is not None
    assert (line.reason, line.channel) == ("Lo pidió por teléfono", "admin")
    assert not application.questions.open().exists()
    (mail,) = QueuedMail.objects.filter(kind="members/application_withdrawn")
    assert mail.recipient == application.person.address


def test_a_decided_one_is_not_taken_back(valentina: User) -> None:
    application = make.in_review(valentina)
    vetting.approve(application, by=By.admin(valentina))
    with pytest.raises(ValidationError) as no:
        vetting.withdraw_for_her(application, reason="Lo pidió", by=By.admin(valentina))
    assert no.value.code == "move_refused"


def test_several_are_approved_with_a_result_for_each(valentina: User) -> None:
    hers, free = make.in_review(valentina), make.application()
    unresolved = make.in_review(valentina)
    Application.objects.filter(pk=unresolved.pk).update(department=None, department_other="Otra")
    answer = signed_in(valentina).post(
        f"{LIST}?bandeja=todas",
        {"action": "approve", "_selected_action": [hers.pk, free.pk, unresolved.pk]},
        follow=True,
    )
    text = answer.content.decode()
    assert f"{hers.folio}: Se aprobó la solicitud" in text
    assert f"{free.folio}: No corresponde a su estado actual." in text
    assert f"{unresolved.folio}: Elija primero la dependencia" in text
    assert "1 de 3" in text
