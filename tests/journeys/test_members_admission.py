"""She applies, the Instituto decides, she follows it: every path through the pages."""

from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from members.models import Application, Consent, Department, Member, Person, RejectionReason, User
from red_genero.common.models import QueuedMail
from tests import make
from tests.conftest import signed_in

State = Application.State

WHO = {
    "given_names": "Íñiga  María",
    "first_surname": "Güereña",
    "second_surname": "de la O",
    "institutional_email": "Iniga@Guadalajara.gob.mx ",
    "office_phone": "+52 (33) 1234-5678",
    "extension": "12",
    "mobile": "044 33 8765 4321",
    "employee_number": " 00123 a ",
}
POST = {"area": "Unidad de Planeación", "position": "Jefa de unidad", "level": "jefatura"}
WORK = {"policy_work": "Presupuesto con perspectiva de género."}


@pytest.fixture
def ines(db: None) -> User:
    """Somebody whose mailbox is proven and who has not applied."""
    make.notice()
    return make.proven(make.user("ines@guadalajara.gob.mx"))


@pytest.fixture
def markets(db: None) -> Department:
    """A dependencia of the catalogue."""
    return make.department("Dirección de Mercados")


def press(who: Client, path: str, **data: Any) -> HttpResponse:
    """POST and follow to the page where she ends."""
    answer: HttpResponse = who.post(path, data, follow=True)  # type: ignore[assignment]
    assert answer.status_code == 200, answer.content.decode()
    return answer


def fill(she: Client, markets: Department) -> None:
    """Write every page of the draft."""
    press(she, "/solicitud/quien-es/", **WHO)
    press(she, "/solicitud/dependencia/?q=mercados", department=markets.pk)
    press(she, "/solicitud/puesto/", **POST)
    press(she, "/solicitud/que-hace/", **WORK)
    press(she, "/solicitud/estadistica/")


def mails(application: Application) -> list[tuple[str, str]]:
    """Return kind and recipient of every message about a solicitud, in order."""
    rows = QueuedMail.objects.filter(about_id=application.pk, kind__startswith="members/app")
    more = QueuedMail.objects.filter(about_id=application.pk, kind__startswith="members/info")
    return [(mail.kind, mail.recipient) for mail in (rows | more).order_by("pk")]


def test_applies_and_is_approved(ines: User, markets: Department, valentina: User) -> None:
    she, staff = signed_in(ines), signed_in(valentina)
    assert "Aviso de privacidad simplificado" in she.get("/solicitud/").content.decode()
    assert not Person.objects.filter(user=ines).exists()

    press(she, "/solicitud/aviso/")
    fill(she, markets)
    review = she.get("/solicitud/revision/").content.decode()
    assert "Unidad de Planeación" in review
    assert "checked" not in review
    sent = press(she, "/solicitud/revision/", directory="on").content.decode()

    application = Application.objects.get()
    assert application.folio == f"SOL-{timezone.localdate().year}-0001"
    assert application.state == State.SENT
    assert "Qué sigue" in sent
    person = application.person
    assert person.full_name == "Íñiga María Güereña de la O"
    assert person.institutional_email == "iniga@guadalajara.gob.mx"
    assert (person.office_phone, person.mobile) == ("3312345678", "3387654321")
    assert person.employee_number == "00123A"
    assert person.show_in_directory
    assert list(Consent.objects.values_list("purpose", "given", "notice__version")) == [
        ("aviso", True, "1.0"),
        ("directorio", True, "1.0"),
    ]

    desk = f"/admin/members/application/{application.pk}"
    assert application.folio in staff.get("/admin/members/application/").content.decode()
    assert "Consejos" in staff.get(f"{desk}/change/").content.decode().replace(
        "consejos", "Consejos"
    )
    press(staff, f"{desk}/tomar/")
    press(staff, f"{desk}/aprobar/")
    press(staff, f"{desk}/aprobar/")

    member = Member.objects.get()
    assert member.folio == f"INT-{timezone.localdate().year}-0001"
    assignment = person.assignments.get()
    assert (assignment.department, assignment.position) == (markets, "Jefa de unidad")
    assert mails(application) == [
        ("members/application_sent", ines.email),
        ("members/application_approved", ines.email),
    ]
    panel = she.get("/panel/").content.decode()
    assert member.folio in panel
    assert "Mercados" in she.get("/directorio/integrantes/").content.decode()


def test_answers_a_question_and_is_approved(valentina: User) -> None:
    application = make.in_review(valentina)
    she, staff = signed_in(application.person.user), signed_in(valentina)  # type: ignore[arg-type]
    desk = f"/admin/members/application/{application.pk}"
    press(staff, f"{desk}/pedir-informacion/", question="¿Cuál es su área exacta?")
    application.refresh_from_db()
    assert application.state == State.NEEDS_INFO
    assert "¿Cuál es su área exacta?" in she.get("/solicitud/").content.decode()
    assert "Responder" in she.get("/panel/").content.decode()

    press(she, "/solicitud/respuesta/", text="La de presupuesto.")
    press(she, "/solicitud/respuesta/", text="La de presupuesto.")
    application.refresh_from_db()
    assert application.state == State.IN_REVIEW
    assert "La de presupuesto." in staff.get(f"{desk}/change/").content.decode()
    press(staff, f"{desk}/aprobar/")
    assert [kind for kind, _ in mails(application)] == [
        "members/application_sent",
        "members/information_requested",
        "members/application_approved",
    ]


def test_is_rejected_and_applies_again(valentina: User) -> None:
    application = make.in_review(valentina)
    reason = RejectionReason.objects.create(text="El cargo todavía no corresponde")
    she, staff = signed_in(application.person.user), signed_in(valentina)  # type: ignore[arg-type]
    desk = f"/admin/members/application/{application.pk}"
    press(staff, f"{desk}/rechazar/", reason=reason.pk, text="Puede volver con el cargo nuevo.")
    page = she.get("/solicitud/").content.decode()
    assert "Puede volver con el cargo nuevo." in page
    assert "Valentina" not in page

    press(she, "/solicitud/aviso/")
    again = Application.objects.get(state=State.DRAFT)
    assert "Güereña" in she.get("/solicitud/revision/").content.decode()
    again.department, again.area, again.position = application.department, "Otra", "Directora"
    again.level, again.policy_work = "direccion", "Agenda"
    again.save()
    press(she, "/solicitud/revision/")
    again.refresh_from_db()
    assert again.folio != application.folio
    vetting = staff.get(f"/admin/members/application/{again.pk}/change/").content.decode()
    assert "Puede volver con el cargo nuevo." in vetting


def test_withdraws(valentina: User) -> None:
    application = make.application()
    she = signed_in(application.person.user)  # type: ignore[arg-type]
    assert "¿Retirar" in she.get("/solicitud/retiro/").content.decode()
    press(she, "/solicitud/retiro/")
    press(she, "/solicitud/retiro/")
    application.refresh_from_db()
    assert application.state == State.WITHDRAWN
    assert [kind for kind, _ in mails(application)] == [
        "members/application_sent",
        "members/application_withdrawn",
    ]


def test_expires_after_a_reminder(valentina: User) -> None:
    with time_machine.travel("2026-11-02 18:00:00+00:00", tick=False) as clock:
        application = make.in_review(valentina)
        signed_in(valentina).post(
            f"/admin/members/application/{application.pk}/pedir-informacion/",
            {"question": "¿Cuál es su área?"},
        )
        asked = application.questions.get()
        assert timezone.localtime(asked.deadline).isoformat() == "2026-11-16T23:59:59-06:00"
        clock.move_to("2026-11-11 18:00:00+00:00")
        call_command("expire_applications", verbosity=0)
        call_command("expire_applications", verbosity=0)
        clock.move_to("2026-11-17 06:00:01+00:00")
        call_command("expire_applications", verbosity=0)
        call_command("expire_applications", verbosity=0)
    application.refresh_from_db()
    assert application.state == State.EXPIRED
    assert [kind for kind, _ in mails(application)] == [
        "members/application_sent",
        "members/information_requested",
        "members/information_reminder",
        "members/application_expired",
    ]


def test_the_draft_waits_for_her_and_keeps_what_is_incomplete(ines: User) -> None:
    she = signed_in(ines)
    press(she, "/solicitud/aviso/")
    press(she, "/solicitud/quien-es/borrador/", given_names="Inés")
    assert Person.objects.get(user=ines).given_names == "Inés"
    page = she.get("/solicitud/").content.decode()
    assert "/solicitud/quien-es/" in page
    refused = she.post("/solicitud/revision/")
    assert refused.status_code == 422
    assert "Para enviar falta" in refused.content.decode()


def test_going_back_keeps_what_was_typed(ines: User, markets: Department) -> None:
    she = signed_in(ines)
    press(she, "/solicitud/aviso/")
    fill(she, markets)
    before = press(she, "/solicitud/puesto/volver/", position="Jefa de área")
    assert before.redirect_chain[-1][0] == "/solicitud/dependencia/"  # type: ignore[attr-defined]
    assert Application.objects.get().position == "Jefa de área"

    wrong = she.post("/solicitud/quien-es/volver/", {**WHO, "mobile": "12", "given_names": "Iñi"})
    page = wrong.content.decode()
    assert wrong.status_code == 422
    assert 'value="Iñi"' in page
    assert 'method="post" action="/solicitud/quien-es/"' in page
    assert "Volver sin guardar esta página" in page
    assert wrong.context["form"].fields["given_names"].required

    review = she.get("/solicitud/revision/")
    token = review.context["typed_by"]
    press(she, "/solicitud/revision/volver/", quien_escribe=token, image="on")
    assert not Consent.objects.filter(purpose="imagen").exists()
    ticked = she.get("/solicitud/revision/").context["form"].initial
    assert (ticked.get("image"), ticked.get("directory")) == (True, None)


def test_she_reads_everything_that_she_sent(db: None) -> None:
    application = make.application()
    person = application.person
    person.alternate_email, person.mobile, person.treatment = "yo@casa.mx", "3387654321", "Mtra."
    person.certificate_name, person.employee_number = "Impresa Así", "00123"
    person.prior_training, person.schooling = "Diplomado de 2019", "maestria"
    person.save()
    page = signed_in(person.user).get("/solicitud/").content.decode()  # type: ignore[arg-type]
    said = ("yo@casa.mx", "33 8765 4321", "Mtra.", "Impresa Así", "00123", "Diplomado de 2019")
    assert [words for words in (*said, "Maestría") if words not in page] == []


def test_two_tabs_and_the_back_button_are_harmless(ines: User, markets: Department) -> None:
    she = signed_in(ines)
    press(she, "/solicitud/aviso/")
    press(she, "/solicitud/aviso/")
    fill(she, markets)
    press(she, "/solicitud/revision/")
    press(she, "/solicitud/revision/")
    late = press(she, "/solicitud/quien-es/", **{**WHO, "given_names": "Otra"})
    assert "ya no es un borrador" in late.content.decode()
    assert Person.objects.get(user=ines).given_names == "Íñiga María"
    assert Application.objects.count() == 1
    assert QueuedMail.objects.filter(kind="members/application_sent").count() == 1


def test_an_unproven_mailbox_cannot_send(markets: Department) -> None:
    make.notice()
    account = make.user("nueva@guadalajara.gob.mx")
    she = signed_in(account)
    press(she, "/solicitud/aviso/")
    fill(she, markets)
    refused = she.post("/solicitud/revision/")
    assert refused.status_code == 422
    assert "Falta comprobar su correo" in refused.content.decode()
    assert Application.objects.get().state == State.DRAFT


def test_a_dependencia_out_of_the_catalogue_is_settled_by_staff(
    ines: User, markets: Department, valentina: User
) -> None:
    she, staff = signed_in(ines), signed_in(valentina)
    press(she, "/solicitud/aviso/")
    fill(she, markets)
    press(she, "/solicitud/dependencia/", department_other="Sistema de Tianguis")
    press(she, "/solicitud/revision/")
    application = Application.objects.get()
    assert application.department is None
    desk = f"/admin/members/application/{application.pk}"
    press(staff, f"{desk}/tomar/")
    refused = press(staff, f"{desk}/aprobar/").content.decode()
    assert "Elija primero la dependencia" in refused
    assert not Member.objects.exists()
    press(staff, f"{desk}/elegir-dependencia/", department=markets.pk)
    press(staff, f"{desk}/aprobar/")
    assert Member.objects.get().person.assignments.get().department == markets
