"""What she does with her own data in the portal, and what the Instituto does with it in the administration."""

import csv
import datetime
import io

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from members import answering, changing, privacy, vetting
from members.models import (
    Application,
    ChangeRequest,
    Consent,
    Member,
    Person,
    PrivacyNotice,
    PrivacyRequest,
    SignIn,
    User,
)
from red_genero.common.models import AccessLog, QueuedMail, Transition
from red_genero.common.states import By
from tests import make
from tests.conftest import signed_in
from tests.rules import liaising

NAME = {
    "given_names": "alicia",
    "first_surname": "MUÑOZ",
    "second_surname": "De la O",
    "certificate_name": "",
    "note": "Acta nueva",
}


def entering(member: Member) -> Client:
    """Return a browser in which the integrante has signed in."""
    assert member.person.user is not None
    return signed_in(member.person.user)


def test_she_asks_for_a_name_and_the_desk_approves(
    alicia: Member, beatriz: Member, valentina: User
) -> None:
    she, desk = entering(alicia), signed_in(valentina)
    assert she.get("/mis-datos/cambio/nombre/").status_code == 200
    paper = SimpleUploadedFile("acta.pdf", liaising.PDF)
    sent = she.post("/mis-datos/cambio/nombre/", {**NAME, "file": paper}, follow=True)
    asked = ChangeRequest.objects.get()
    assert sent.redirect_chain[-1][0] == f"/mis-datos/cambios/{asked.folio}/"
    assert she.get("/mis-datos/cambio/nombre/").status_code == 302
    mine = f"/mis-datos/cambios/{asked.folio}/"
    file = she.get(f"{mine}documento/")
    assert file["Content-Disposition"].startswith("attachment")
    assert file["X-Content-Type-Options"] == "nosniff"
    other = entering(beatriz)
    for path in (mine, f"{mine}documento/", f"{mine}retiro/"):
        assert other.get(path).status_code == 404
    assert desk.get(f"{mine}documento/").status_code == 200
    page = desk.get(f"/admin/members/changerequest/{asked.pk}/change/").content.decode()
    assert "Alicia Muñoz Íñiguez" in page
    assert desk.post(f"/admin/members/changerequest/{asked.pk}/aprobar/").status_code == 302
    alicia.person.refresh_from_db()
    assert alicia.person.second_surname == "De la O"
    assert "Aprobada" in she.get(mine).content.decode()
    told = QueuedMail.objects.filter(kind="members/change_approved")
    assert [mail.recipient for mail in told] == [alicia.person.address]


def test_a_readscripcion_is_found_without_a_script(alicia: Member) -> None:
    to = make.department("Dirección de Cultura")
    she = entering(alicia)
    page = she.get("/mis-datos/cambio/dependencia/?q=cultura").content.decode()
    assert "Dirección de Cultura" in page
    today = timezone.localdate()
    wanted = {
        "department": to.pk,
        "area": "Museos",
        "position": "Directora",
        "level": "direccion",
        "effective_on": today.isoformat(),
    }
    bad = she.post("/mis-datos/cambio/dependencia/", {**wanted, "effective_on": "ayer"})
    assert bad.status_code == 422
    assert she.post("/mis-datos/cambio/dependencia/", wanted).status_code == 302
    asked = ChangeRequest.objects.get()
    assert (asked.department, asked.effective_on) == (to, today)
    assert she.post(f"/mis-datos/cambios/{asked.folio}/retiro/").status_code == 302
    asked.refresh_from_db()
    assert asked.state == ChangeRequest.State.WITHDRAWN
    assert she.post(f"/mis-datos/cambios/{asked.folio}/retiro/").status_code == 302


@pytest.mark.parametrize(
    "junk", ["\x00", "\u202ealicia", "x" * 10_000, "<script>alert(1)</script>", "🙂"]
)
def test_odd_names_get_a_sentence(alicia: Member, junk: str) -> None:
    she = entering(alicia)
    answer = she.post("/mis-datos/cambio/nombre/", {**NAME, "given_names": junk})
    assert answer.status_code in {302, 422}
    if answer.status_code == 302:
        page = she.get(answer["Location"]).content.decode()
        assert "<script>alert" not in page


def test_a_file_that_is_not_what_it_says_is_refused(alicia: Member) -> None:
    program = SimpleUploadedFile("acta.pdf", b"MZ\x90\x00" * 50, content_type="application/pdf")
    answer = entering(alicia).post("/mis-datos/cambio/nombre/", {**NAME, "file": program})
    assert answer.status_code == 422
    assert not ChangeRequest.objects.exists()


def test_what_she_wrote_outlives_her_session(alicia: Member) -> None:
    she = entering(alicia)
    page = she.get("/mis-datos/derechos/").content.decode()
    field = page.split('name="quien_escribe" value="')[1].split('"')[0]
    she.logout()
    typed = {"kind": "acceso", "text": "Todo lo de 2025", "quien_escribe": field}
    assert she.post("/mis-datos/derechos/", typed).status_code == 302
    she.force_login(alicia.person.user)  # type: ignore[arg-type]
    assert "Todo lo de 2025" in she.get("/mis-datos/derechos/").content.decode()


def test_a_solicitud_arco_from_her_page_to_its_answer(
    alicia: Member, beatriz: Member, diana: User, valentina: User
) -> None:
    she, desk = entering(alicia), signed_in(diana)
    assert she.post("/mis-datos/derechos/", {"kind": "acceso", "text": ""}).status_code == 422
    asked_for = {"kind": "acceso", "text": "Quiero saber qué tienen de mí."}
    assert she.post("/mis-datos/derechos/", asked_for).status_code == 302
    asked = PrivacyRequest.objects.get()
    mine = f"/mis-datos/derechos/{asked.folio}/"
    assert "20 días hábiles" in she.get(mine).content.decode()
    assert entering(beatriz).get(mine).status_code == 404
    listed = "/admin/members/privacyrequest/"
    assert signed_in(valentina).get(listed).status_code == 403
    assert asked.folio in desk.get(f"{listed}?plazo=abiertas").content.decode()
    assert AccessLog.objects.filter(purpose="Atender solicitudes ARCO").count() == 1
    row = f"{listed}{asked.pk}"
    assert desk.post(f"{row}/atender/").status_code == 302
    assert desk.post(f"{row}/ampliar-el-plazo/", {"reason": "Vacaciones"}).status_code == 302
    answer = {
        "outcome": "procedente",
        "text": "Está todo en el archivo.",
        "file": SimpleUploadedFile("todo.pdf", liaising.PDF),
    }
    assert desk.post(f"{row}/responder/", answer).status_code == 302
    page = she.get(mine).content.decode()
    assert "Está todo en el archivo." in page
    file = she.get(f"{mine}archivo/")
    assert file["Content-Type"] == "application/pdf"
    assert entering(beatriz).get(f"{mine}archivo/").status_code == 404
    sent = list(
        QueuedMail.objects.filter(kind__startswith="members/privacy")
        .order_by("pk")
        .values_list("kind", "recipient", "subject")
    )
    neutral = "Novedades de sus datos en la Red"
    assert sent == [
        (f"members/privacy_request_{what}", alicia.person.address, neutral)
        for what in ("received", "extended", "answered")
    ]


def test_a_paper_request_is_received_and_the_dry_run_is_read_before_blocking(
    alicia: Member, diana: User
) -> None:
    desk = signed_in(diana)
    paper = {"person": alicia.person.pk, "kind": "cancelacion", "text": "Por escrito."}
    assert desk.post("/admin/members/privacyrequest/add/", paper).status_code == 302
    asked = PrivacyRequest.objects.get()
    assert asked.folio.startswith("ARCO-")
    row = f"/admin/members/privacyrequest/{asked.pk}"
    page = desk.get(f"{row}/bloquear-datos/").content.decode()
    assert "Qué pasa con cada cosa al anonimizar" in page
    assert "se conserva" in page
    assert desk.post(f"{row}/bloquear-datos/").status_code == 302
    alicia.refresh_from_db()
    assert alicia.state == Member.State.ENDED
    assert desk.post(f"{row}/anonimizar/", follow=True).status_code == 200
    assert Person.objects.get(pk=alicia.person_id).anonymised_at is None
    Person.objects.update(blocked_at=timezone.now() - datetime.timedelta(days=31))
    assert desk.post(f"{row}/anonimizar/").status_code == 302
    assert Person.objects.get(pk=alicia.person_id).full_name == "Persona anonimizada"


def test_she_leaves_by_her_own_press(alicia: Member) -> None:
    she = entering(alicia)
    assert she.get("/mis-datos/baja/").status_code == 200
    assert she.post("/mis-datos/baja/", {"reason": "Me mudo"}).status_code == 422
    assert she.post("/mis-datos/baja/", {"reason": "Me mudo", "sure": "on"}).status_code == 302
    assert she.post("/mis-datos/baja/", {"sure": "on"}).status_code == 302
    alicia.refresh_from_db()
    assert alicia.state == Member.State.ENDED
    assert alicia.intervals.get().end_reason == "A petición suya. Me mudo"
    assert she.get("/mis-datos/").status_code == 200
    assert QueuedMail.objects.filter(kind="members/membership_ended").count() == 1


def test_everything_in_three_forms(alicia: Member) -> None:
    she = entering(alicia)
    page = she.get("/mis-datos/").content.decode()
    for name in ("json", "csv", "pdf"):
        assert f"/mis-datos/mis-datos.{name}" in page
    table = she.get("/mis-datos/mis-datos.csv")
    rows = list(csv.reader(io.StringIO(table.content.decode("utf-8-sig"))))
    assert ["Su ficha", "1", "Nombre(s)", "Alicia"] in rows
    pdf = she.get("/mis-datos/mis-datos.pdf")
    assert pdf.content.startswith(b"%PDF-")
    assert "Últimos ingresos" in page
    assert SignIn.objects.filter(user=alicia.person.user).count() == 1


def test_she_corrects_her_contact_by_herself(alicia: Member) -> None:
    make.notice()
    Person.objects.filter(pk=alicia.person_id).update(mobile="3312345678")
    privacy.choose(alicia.person, {"celular": True}, by=By.web(alicia.person.user))  # type: ignore[arg-type]
    she = entering(alicia)
    typed = {"institutional_email": " Alicia@GUADALAJARA.gob.mx ", "office_phone": "12345678"}
    assert she.post("/mis-datos/contacto/", {**typed, "extension": "x"}).status_code == 422
    typed["office_phone"] = "+52 1 33 8888 7777"
    assert she.post("/mis-datos/contacto/", typed).status_code == 302
    alicia.person.refresh_from_db()
    assert alicia.person.institutional_email == "alicia@guadalajara.gob.mx"
    assert alicia.person.office_phone == "3388887777"
    assert privacy.consents(alicia.person)["celular"] is False
    assert list(Person.objects.search("alicia@guadalajara")) == [alicia.person]


def test_her_card_says_little_and_only_while_she_belongs(alicia: Member) -> None:
    she = entering(alicia)
    page = she.get("/mis-datos/credencial/").content.decode()
    assert alicia.folio in page
    assert alicia.person.institutional_email not in page
    assert she.get("/mis-datos/credencial/credencial.pdf").content.startswith(b"%PDF-")
    Member.objects.update(state="suspendida")
    assert she.get("/mis-datos/credencial/").status_code == 404


@pytest.mark.parametrize(
    ("case", "members", "public"),
    [
        ({"show_in_directory": True, "show_email": "publico"}, True, True),
        ({"show_in_directory": True, "show_email": "integrantes"}, True, False),
        ({"show_in_directory": True, "show_email": "publico", "hidden": True}, False, False),
        ({"show_in_directory": False, "show_email": "publico"}, False, False),
    ],
)
def test_her_face_is_what_others_read(
    alicia: Member, case: dict[str, object], members: bool, public: bool
) -> None:
    Person.objects.filter(pk=alicia.person_id).update(**case)
    page = entering(alicia).get("/mis-datos/como-me-ven/").content.decode()
    anybody, rest = page.split('id="integrantes"')
    assert ("El directorio de integrantes" in rest) is members
    assert (alicia.person.institutional_email in anybody.split("<main")[1]) is public


@pytest.mark.parametrize(
    ("lets", "hidden", "readers"),
    [
        ("publico", False, (True, True)),
        ("integrantes", False, (False, True)),
        ("nadie", False, (False, False)),
        ("publico", True, (False, False)),
    ],
)
def test_her_face_tells_who_reads_her_post(
    alicia: Member, valentina: User, lets: str, hidden: bool, readers: tuple[bool, bool]
) -> None:
    place = alicia.person.assignments.get().department
    liaising.in_force(place, alicia.person, by=valentina, show_name=lets)
    Person.objects.filter(pk=alicia.person_id).update(hidden=hidden)
    page = entering(alicia).get("/mis-datos/como-me-ven/").content.decode()
    anybody, rest = page.split('id="integrantes"')
    said = "Su nombre, como enlace titular"
    assert ((said in anybody), (said in rest)) == readers
    assert ("Alicia" in Client().get(f"/directorio/{place.key}/").content.decode()) is readers[0]


@pytest.mark.parametrize("purpose_changed", [True, False])
def test_a_new_aviso_is_read_at_the_next_login(alicia: Member, purpose_changed: bool) -> None:
    user = alicia.person.user
    assert user is not None
    privacy.read_notice(alicia.person, make.notice("1.0"), by=By.web(user))
    privacy.choose(alicia.person, {"directorio": True}, by=By.web(user))
    new = PrivacyNotice(
        kind="simplificado", version="2.0", body="<p>Dos</p>", purpose_changed=purpose_changed
    )
    privacy.publish(new)
    she = signed_in(user)
    led = she.get("/mis-datos/credencial/")
    assert led["Location"] == "/privacidad/aviso-nuevo/?next=%2Fmis-datos%2Fcredencial%2F"
    page = she.get(led["Location"]).content.decode()
    assert ("Autorizo: aparecer" in page) is purpose_changed
    assert "checked" not in page
    assert she.get("/privacidad/simplificado/1.0/").status_code == 200
    done = she.post("/privacidad/aviso-nuevo/", {"next": "https://ajeno.example/"})
    assert done["Location"] == "/panel/"
    assert she.get("/mis-datos/credencial/").status_code == 200
    assert privacy.consents(alicia.person)["directorio"] is not purpose_changed
    assert signed_in(user).get("/mis-datos/credencial/").status_code == 200
    assert Consent.objects.filter(notice=new, purpose="aviso").count() == 1


def test_an_area_of_the_catalogue_or_otra(db: None) -> None:
    above = make.department("Coordinación de Desarrollo")
    below = make.department("Unidad de Planeación", parent=above)
    draft = make.draft(works_in=above)
    she = signed_in(draft.person.user)  # type: ignore[arg-type]
    page = she.get("/solicitud/puesto/").content.decode()
    assert "Otra: la escribo abajo" in page
    rest = {"position": "Jefa", "level": "jefatura"}
    assert she.post("/solicitud/puesto/", {**rest, "unit": "", "area": ""}).status_code == 422
    assert (
        she.post("/solicitud/puesto/", {**rest, "unit": below.pk, "area": "x"}).status_code == 302
    )
    draft.refresh_from_db()
    assert (draft.unit, draft.area) == (below, "Unidad de Planeación")
    assert (
        she.post("/solicitud/puesto/", {**rest, "unit": "", "area": "La nuestra"}).status_code
        == 302
    )
    draft.refresh_from_db()
    assert (draft.unit, draft.area) == (None, "La nuestra")


def test_staff_settle_an_area_written_by_hand(valentina: User) -> None:
    asked = make.in_review(valentina)
    place = asked.department
    assert place is not None
    below = make.department("Unidad de Planeación", parent=place)
    elsewhere = make.department("Unidad de Parques")
    Application.objects.filter(pk=asked.pk).update(area="planeacion")
    staff = signed_in(valentina)
    page = f"/admin/members/application/{asked.pk}/"
    assert "«planeacion» (otra" in staff.get(f"{page}change/").content.decode()
    press = f"{page}corregir-area/"
    offered = staff.get(press).content.decode()
    assert ("Unidad de Planeación" in offered, "Unidad de Parques" in offered) == (True, False)
    assert "Elija el área" in staff.post(press, {"unit": "", "area": " "}).content.decode()
    assert staff.post(press, {"unit": elsewhere.pk}).status_code == 422
    assert staff.post(press, {"unit": below.pk, "area": "x"}).status_code == 302
    assert staff.post(press, {"unit": below.pk}).status_code == 302
    asked.refresh_from_db()
    assert (asked.unit, asked.area) == (below, "Unidad de Planeación")
    lines = [line.reason for line in Transition.objects.about(asked)]
    assert lines.count("Área: «planeacion» → «Unidad de Planeación»") == 1
    vetting.resolve_department(asked, elsewhere, by=By.admin(valentina))
    asked.refresh_from_db()
    assert asked.unit is None
    with pytest.raises(ValidationError) as no:
        vetting.resolve_area(asked, unit=below, by=By.admin(valentina))
    assert no.value.code == "area_elsewhere"


def test_an_answer_with_a_paper_is_read_by_both_and_by_nobody_else(
    valentina: User, beatriz: Member
) -> None:
    application = make.in_review(valentina)
    vetting.request_information(application, question="¿Nombramiento?", by=By.admin(valentina))
    she = signed_in(application.person.user)  # type: ignore[arg-type]
    paper = SimpleUploadedFile("nombramiento.pdf", liaising.PDF)
    sent = she.post("/solicitud/respuesta/", {"text": "Aquí está.", "file_1": paper}, follow=True)
    page = sent.content.decode()
    file = application.questions.get().files.get()
    path = f"/solicitud/archivos/{file.key}/"
    assert path in page
    assert she.get(path)["Content-Disposition"].startswith("attachment")
    assert signed_in(valentina).get(path).status_code == 200
    assert entering(beatriz).get(path).status_code == 404
    assert Application.objects.get().state == "en_revision"
    asked = signed_in(valentina).get(f"/admin/members/application/{application.pk}/change/")
    assert path in asked.content.decode()


def test_the_desk_counts_what_waits(alicia: Member, diana: User) -> None:
    by = By.web(alicia.person.user)  # type: ignore[arg-type]
    changing.request(
        alicia, "nombre", wanted={"given_names": "Alba", "first_surname": "Muñoz"}, by=by
    )
    answering.request(alicia.person, "oposicion", text="No me escriban.", by=by)
    page = signed_in(diana).get("/admin/").content.decode()
    assert "Cambios por revisar" in page
    assert "Solicitudes ARCO sin respuesta" in page
