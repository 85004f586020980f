"""Consents, visibility, what the portal holds about somebody."""

import json

import pytest
from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.test import Client

from members import admitting, answering, holdings, privacy, vetting
from members.models import Consent, Member, Person, PrivacyNotice, User
from red_genero.common.models import QueuedMail
from red_genero.common.states import By
from tests import make
from tests.conftest import signed_in


def test_the_ledger_gets_a_line_only_when_the_answer_changes(alicia: Member) -> None:
    make.notice()
    by = By.web(alicia.person.user)  # type: ignore[arg-type]
    privacy.choose(alicia.person, {"directorio": True, "imagen": False}, by=by)
    privacy.choose(alicia.person, {"directorio": True}, by=by)
    privacy.choose(alicia.person, {"directorio": False}, by=by)
    lines = Consent.objects.values_list("purpose", "given")
    assert list(lines) == [("directorio", True), ("directorio", False)]
    alicia.person.refresh_from_db()
    assert not alicia.person.show_in_directory


def test_the_ledger_is_never_rewritten(alicia: Member) -> None:
    make.notice()
    privacy.choose(alicia.person, {"imagen": True}, by=By.job("prueba"))
    with pytest.raises(TypeError):
        Consent.objects.update(given=False)
    with pytest.raises(TypeError):
        Consent.objects.all().delete()


def test_a_version_of_the_aviso_is_never_rewritten() -> None:
    notice = PrivacyNotice(kind="integral", version="1", body="<p>Uno</p>")
    with pytest.raises(RuntimeError):
        privacy.publish(notice)


@pytest.mark.django_db
def test_publishing_takes_the_fingerprint_once() -> None:
    notice = privacy.publish(PrivacyNotice(kind="integral", version="1", body="<p>Uno</p>"))
    assert notice.sha256 == PrivacyNotice.fingerprint("<p>Uno</p>")
    with pytest.raises(ValidationError) as no:
        privacy.publish(notice)
    assert no.value.code == "already_published"


@pytest.mark.django_db
def test_nothing_is_asked_while_there_is_no_aviso() -> None:
    account = make.proven(make.user())
    with pytest.raises(ValidationError) as no:
        admitting.start(account, by=By.web(account))
    assert no.value.code == "no_notice"
    assert not Person.objects.filter(user=account).exists()
    assert "Todavía no se publica" in signed_in(account).get("/solicitud/").content.decode()


@pytest.mark.django_db
def test_former_versions_stay_readable(client: Client) -> None:
    make.notice("1.0")
    make.notice("2.0")
    page = client.get("/privacidad/").content.decode()
    assert "/privacidad/simplificado/1.0/" in page
    old = client.get("/privacidad/simplificado/1.0/").content.decode()
    assert "ya no está en vigor" in old
    assert client.get("/privacidad/simplificado/9.9/").status_code == 404


@pytest.mark.parametrize(
    "case",
    [
        (False, False, "publico", False, False, False),
        (True, False, "nadie", True, False, False),
        (True, False, "integrantes", True, True, False),
        (True, False, "publico", True, True, True),
        (True, True, "publico", False, False, False),
    ],
)
def test_each_datum_is_seen_as_its_owner_allows(
    alicia: Member, beatriz: Member, case: tuple[bool, bool, str, bool, bool, bool]
) -> None:
    person, client = alicia.person, Client()
    in_directory, hidden, email, listed, shown, public = case
    Person.objects.filter(pk=person.pk).update(
        show_in_directory=in_directory, hidden=hidden, show_email=email
    )
    members = signed_in(beatriz.person.user).get("/directorio/integrantes/")  # type: ignore[arg-type]
    page = members.content.decode()
    assert (person.full_name in page) is listed
    assert (person.institutional_email in page) is shown
    place = person.assignments.get().department
    page = client.get(f"/directorio/{place.key}/").content.decode()
    assert (person.institutional_email in page) is public
    assert (person.full_name in page) is public


def test_the_list_of_integrantes_does_not_exist_for_others(alicia: Member, client: Client) -> None:
    applicant = make.draft().person.user
    assert client.get("/directorio/integrantes/").status_code == 302
    assert signed_in(applicant).get("/directorio/integrantes/").status_code == 404  # type: ignore[arg-type]
    Member.objects.filter(pk=alicia.pk).update(state="suspendida")
    assert signed_in(alicia.person.user).get("/directorio/integrantes/").status_code == 404  # type: ignore[arg-type]


def test_a_search_of_names_tells_nothing_else(alicia: Member, beatriz: Member) -> None:
    Person.objects.update(show_in_directory=True, employee_number="778899")
    she = signed_in(beatriz.person.user)  # type: ignore[arg-type]
    assert "Alicia" in she.get("/directorio/integrantes/?q=iniguez MUNOZ").content.decode()
    for q in ("778899", alicia.person.institutional_email):
        assert "Alicia" not in she.get("/directorio/integrantes/", {"q": q}).content.decode()


def test_few_integrantes_are_not_counted_in_public(
    alicia: Member, client: Client, valentina: User
) -> None:
    place = alicia.person.assignments.get().department
    assert "reservada" in client.get(f"/directorio/{place.key}/").content.decode()
    staff = signed_in(valentina).get(f"/directorio/{place.key}/").content.decode()
    assert "reservada" not in staff
    for _ in range(4):
        make.member(make.person(), works_in=place)
    assert "reservada" not in client.get(f"/directorio/{place.key}/").content.decode()


def test_unconfirmed_is_marked_for_staff_only(client: Client, valentina: User) -> None:
    place = make.department("Enlace de Barrios")
    place.verification = "por confirmar"
    place.save()
    for path in ("/directorio/", f"/directorio/{place.key}/", "/directorio/?q=barrios"):
        assert "Por confirmar" not in client.get(path).content.decode()
        assert "Por confirmar" in signed_in(valentina).get(path).content.decode()


def test_her_file_holds_everything_and_nobody_elses(valentina: User, beatriz: Member) -> None:
    application = make.in_review(valentina)
    asked = vetting.request_information(application, question="¿Área?", by=By.admin(valentina))
    user = application.person.user
    assert user is not None
    admitting.answer(application, text="La de presupuesto.", by=By.web(user))
    member = vetting.approve(application, by=By.admin(valentina))
    make.enrollment(make.edition(), member.person)
    she = signed_in(user)
    answer = she.get("/mis-datos/mis-datos.json")
    assert answer["Content-Disposition"].startswith("attachment")
    assert "no-store" in answer["Cache-Control"]
    data = json.loads(answer.content)["datos"]
    for table in (
        "members.person",
        "members.user",
        "members.application",
        "members.informationrequest",
        "members.member",
        "members.membershipinterval",
        "members.assignment",
        "members.consent",
        "trainings.enrollment",
        "common.transition",
        "common.queuedmail",
    ):
        assert data[table]["registros"], table
    question = data["members.informationrequest"]["registros"][0]
    assert (question["question"], question["answer"]) == (asked.question, "La de presupuesto.")
    assert data["members.person"]["registros"][0]["institutional_email"] == user.email
    text = answer.content.decode()
    for secret in (user.password, "Valentina", "Beatriz", "password"):
        assert secret not in text
    assert she.get("/mis-datos/").status_code == 200


def test_her_file_holds_each_paper_once_and_what_she_asked_for(
    alicia: Member, fernanda: User
) -> None:
    seat = make.enrollment(make.edition(starts_in_days=-20, state="en_curso"), alicia.person)
    paper = make.certificate(seat, by=fernanda)
    by = By.web(alicia.person.user)  # type: ignore[arg-type]
    asked = answering.request(alicia.person, "acceso", text="¿Con quién se comparten?", by=by)
    QueuedMail.objects.update(recipient="antes@guadalajara.gob.mx")
    EmailAddress.objects.create(
        user=alicia.person.user, email="antes@guadalajara.gob.mx", verified=True
    )
    data = holdings.as_data(alicia.person)["datos"]
    rows = data["trainings.certificate"]["registros"]
    assert [row["folio"] for row in rows] == [paper.folio]
    assert rows[0]["pdf"] is True
    assert str(asked) in [row["about"] for row in data["common.transition"]["registros"]]
    assert data["common.queuedmail"]["registros"]
    titles = [holding["title"] for holding in holdings.of(alicia.person)]
    assert len(titles) == len(set(titles))


def test_an_address_she_only_typed_shows_no_mail_of_others(alicia: Member, beatriz: Member) -> None:
    by = By.web(beatriz.person.user)  # type: ignore[arg-type]
    answering.request(beatriz.person, "acceso", text="¿Qué guardan?", by=by)
    Person.objects.filter(pk=alicia.person_id).update(
        institutional_email=beatriz.person.address, alternate_email=beatriz.person.address
    )
    alicia.person.refresh_from_db()
    assert "common.queuedmail" not in holdings.as_data(alicia.person)["datos"]


def test_a_hidden_person_is_not_given_away_by_a_count(alicia: Member, client: Client) -> None:
    place = alicia.person.assignments.get().department
    for _ in range(5):
        make.member(works_in=place)
    Person.objects.filter(pk=alicia.person_id).update(hidden=True)
    page = client.get(f"/directorio/{place.key}/")
    assert page.context["count"] == 5


def test_she_changes_who_sees_her_and_withdraws(alicia: Member) -> None:
    make.notice()
    she = signed_in(alicia.person.user)  # type: ignore[arg-type]
    chosen = {"show_in_directory": "on", "show_email": "integrantes", "show_phone": "nadie"}
    assert she.post("/mis-datos/visibilidad/", chosen).status_code == 302
    alicia.person.refresh_from_db()
    assert (alicia.person.show_in_directory, alicia.person.show_email) == (True, "integrantes")
    assert she.get("/mis-datos/consentimientos/directorio/").status_code == 200
    she.post("/mis-datos/consentimientos/directorio/", {"respuesta": "retirar"})
    she.post("/mis-datos/consentimientos/directorio/", {"respuesta": "retirar"})
    alicia.person.refresh_from_db()
    assert not alicia.person.show_in_directory
    assert Consent.objects.filter(purpose="directorio").count() == 2
    bad = she.post("/mis-datos/visibilidad/", {"show_email": "todas", "show_phone": "nadie"})
    assert bad.status_code == 422
    assert she.get("/mis-datos/consentimientos/aviso/").status_code == 404
