"""A dependencia's unit from its opening to the board: the desk, «Mi unidad», what the public reads and what it does not."""

import csv
import datetime
import io

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from members import formalizing, leaving_posts, planning, proving
from members.models import (
    Designation,
    GenderUnit,
    LiaisonRole,
    Member,
    UnitPaper,
    UnitStep,
    User,
)
from red_genero.common.states import By
from tests import make
from tests.conftest import signed_in
from tests.rules import liaising, units

DAY = datetime.timedelta(days=1)
BOARD = "/indicadores/cobertura/"
HERS = "/enlace/unidad/"


def paper_fields(**changes: object) -> dict[str, object]:
    """Return what somebody types for a document."""
    return {
        "number": "PT/1/2026",
        "date": timezone.localdate().isoformat(),
        "file": SimpleUploadedFile("plan.pdf", liaising.PDF),
        **changes,
    }


def holder(unit: GenderUnit) -> User:
    """Return the account of the enlace titular."""
    found = Designation.objects.current().get(department=unit.department).person.user
    assert found is not None
    return found


def test_from_the_dependencia_to_the_third_rung(valentina: User, client: Client) -> None:
    market = make.department("Dirección de Mercados")
    staff = signed_in(valentina)
    page = f"/admin/members/department/{market.pk}/abrir-unidad-de-genero/"
    assert "todavía sin peldaño" in staff.get(page).content.decode()
    assert "Se registró la Unidad" in staff.post(page, follow=True).content.decode()
    unit = GenderUnit.objects.get()
    desk = f"/admin/members/genderunit/{unit.pk}"
    for surname in units.SURNAMES:
        person = liaising.worker(market, surname)
        added = staff.post(
            f"{desk}/agregar-integrante/",
            {"person": person.pk, "function": "vocalía", "start": timezone.localdate().isoformat()},
        )
        assert added.status_code == 302
    liaising.in_force(market, person, by=valentina)
    she = signed_in(holder(unit))
    assert "Mi unidad" in she.get("/panel/").content.decode()
    assert HERS in she.get("/enlace/").content.decode()
    assert "Presentar evidencia: 2 · En instalación" in she.get(HERS).content.decode()
    form = f"{HERS}{unit.key}/evidencia/"
    tomorrow = (timezone.localdate() + DAY).isoformat()
    late = she.post(form, paper_fields(date=tomorrow))
    assert late.status_code == 422
    assert "La fecha del documento no puede ser futura." in late.content.decode()
    wrong = she.post(form, paper_fields(file=SimpleUploadedFile("a.pdf", b"MZ nada")))
    assert (wrong.status_code, UnitStep.objects.count()) == (422, 0)
    sent = she.post(form, paper_fields(), follow=True)
    assert "espera la revisión del Instituto" in sent.content.decode()
    assert she.post(form, paper_fields()).status_code == 422

    step = UnitStep.objects.get()
    index = staff.get("/admin/").content.decode()
    assert "Evidencias por validar" in index
    verbs = f"/admin/members/unitstep/{step.pk}"
    said = staff.post(f"{verbs}/observar/", {"text": "Falta la firma."}, follow=True)
    assert "Se anotó la observación" in said.content.decode()
    assert "observó la evidencia" in she.get("/panel/").content.decode()
    told = she.get(HERS).content.decode()
    assert told.index("Falta algo en la evidencia del peldaño 2") < told.index("Falta la firma.")
    she.post(form, paper_fields(number="PT/2/2026"))
    again = UnitStep.objects.waiting().get()
    verbs = f"/admin/members/unitstep/{again.pk}"
    assert "cumple lo demás" in staff.get(f"{verbs}/validar/").content.decode()
    assert "peldaño 2" in staff.post(f"{verbs}/validar/", follow=True).content.decode()
    read = she.get(HERS).content.decode()
    kept = ("Falta algo", "PT/1/2026", "PT/2/2026")
    assert [words in read for words in kept] == [False, True, True]
    assert "observó la evidencia" not in she.get("/panel/").content.decode()
    public = client.get(f"/directorio/{market.key}/").content.decode()
    assert "peldaño 2 de 5: <strong>En instalación</strong>" in public
    assert "PT/2/2026" in public
    assert "PT/1/2026" not in public
    assert "Falta la firma." not in public
    assert f"{HERS}evidencias/" not in public
    assert "peldaño 2, en instalación" in client.get("/directorio/").content.decode()


def test_plans_are_recorded_and_an_enlace_suplente_only_reads(valentina: User) -> None:
    unit = units.opened(make.department(), by=valentina)
    she = signed_in(holder(unit))
    ends = (timezone.localdate() + 90 * DAY).isoformat()
    typed = {"year": "2026", "valid_until": ends, "budget_line": "2.1.4"}
    form = f"{HERS}{unit.key}/plan/"
    short = she.post(form, paper_fields(**{**typed, "valid_until": "2020-01-01"}))
    assert "vence después de su fecha" in short.content.decode()
    assert she.post(form, paper_fields(**typed)).status_code == 302
    assert she.post(f"{HERS}{unit.key}/informe/", paper_fields(year="2025")).status_code == 302
    assert [row.kind for row in UnitPaper.objects.order_by("pk")] == ["plan", "informe"]
    assert "Plan anual 2026: documento" in she.get(HERS).content.decode()
    assert she.get(f"{HERS}{unit.key}/acta/").status_code == 404
    stored = she.get(f"{HERS}documentos/{UnitPaper.objects.all()[0].key}/")
    assert stored.headers["Content-Disposition"].startswith("attachment")
    person = unit.members.order_by("-pk")[0].person
    liaising.in_force(unit.department, person, by=valentina, role=LiaisonRole.ALTERNATE)
    other = signed_in(person.user)  # type: ignore[arg-type]
    assert "usted puede leerla" in other.get(HERS).content.decode()
    assert other.get(form).status_code == 404
    assert other.post(form, paper_fields(**typed)).status_code == 404


def test_evidence_is_of_its_enlaces_and_of_who_validates(
    alicia: Member, valentina: User, fernanda: User, client: Client
) -> None:
    unit = units.opened(make.department(), by=valentina)
    titular = holder(unit)
    step = units.waiting(unit, 2, by=valentina)
    file = f"{HERS}evidencias/{step.key}/"
    strangers = (alicia.person.user, fernanda)
    for stranger in strangers:
        browser = signed_in(stranger)  # type: ignore[arg-type]
        assert browser.get(file).status_code == 404
        assert browser.get(HERS).status_code == 404
        assert browser.post(f"{HERS}{unit.key}/evidencia/", paper_fields()).status_code == 404
    assert client.get(file).status_code == 302
    assert signed_in(valentina).get(file).content == liaising.PDF
    assert signed_in(titular).get(file).content == liaising.PDF
    assert signed_in(fernanda).get("/admin/members/unitstep/").status_code == 403
    leaving_posts.end(Designation.objects.get(), reason="Renunció", by=By.admin(valentina))
    assert signed_in(titular).get(file).status_code == 404


def test_the_auditor_reads_and_presses_nothing(valentina: User) -> None:
    auditor = make.user(staff=True, roles=("Auditoría",))
    unit = units.opened(make.department(), by=valentina)
    step = units.waiting(unit, 2, by=valentina)
    browser = signed_in(auditor)
    assert browser.get(f"/admin/members/genderunit/{unit.pk}/change/").status_code == 200
    assert browser.get(f"/admin/members/unitstep/{step.pk}/change/").status_code == 200
    for page in (f"unitstep/{step.pk}/validar", f"genderunit/{unit.pk}/disolver"):
        assert browser.post(f"/admin/members/{page}/").status_code == 403
    step.refresh_from_db()
    assert step.state == "presentada"


def test_who_is_at_risk_is_on_the_desk_and_never_public(valentina: User, client: Client) -> None:
    market = make.department("Dirección de Mercados")
    unit = units.opened(market, by=valentina)
    planning.record(unit, "plan", units.paper("plan", days=-1), by=By.admin(valentina))
    staff = signed_in(valentina)
    assert "Unidades de Género en riesgo" in staff.get("/admin/").content.decode()
    listed = staff.get("/admin/members/genderunit/?riesgo=si").content.decode()
    assert "Su plan anual venció" in listed
    assert "Su plan anual venció" in staff.get(f"{BOARD}personas/").content.decode()
    assert "Unidad en riesgo" in signed_in(holder(unit)).get(HERS).content.decode()
    for path in (BOARD, f"{BOARD}datos.csv", f"/directorio/{market.key}/"):
        assert "venció" not in client.get(path).content.decode()


def test_the_board_is_sorted_by_rung_and_the_file_says_it(valentina: User, client: Client) -> None:
    high, low = make.department("Archivo"), make.department("Tesorería")
    with time_machine.travel(timezone.now() - 2 * DAY):
        for place in (high, low):
            place.save()
        unit = units.climbed(high, 3, by=valentina)
        make.department("Cultura")
    proving.present(unit, 4, units.evidence(4), by=By.admin(valentina))
    page = client.get(f"{BOARD}?orden=-peldano")
    assert [(post.department.name, post.rung) for post in page.context["page_obj"]] == [
        ("Archivo", 3),
        ("Tesorería", 0),
        ("Cultura", 0),
    ]
    text = page.content.decode()
    assert "<title>Archivo: Con titular, peldaño 3 (instalada)</title>" in text
    assert 'stroke-dasharray="3 5"' in text
    rows = list(
        csv.DictReader(io.StringIO(client.get(f"{BOARD}datos.csv").content.decode("utf-8-sig")))
    )
    assert [(row["Peldaño"], row["Nombre del peldaño"]) for row in rows] == [
        ("3", "Instalada"),
        ("0", "Sin enlace"),
        ("0", "Sin enlace"),
    ]
    formalizing.dissolve(
        unit,
        formalizing.Ending(document="Acuerdo 7", date=timezone.localdate(), reason="Se extinguió"),
        by=By.admin(valentina),
    )
    yesterday = timezone.localdate() - DAY
    assert client.get(BOARD).context["coverage"].rungs()[3] == (3, "Instalada", 0)
    then = client.get(f"{BOARD}?fecha={yesterday}").context["coverage"]
    assert then.rungs()[3] == (3, "Instalada", 1)
    history = client.get(f"/directorio/{high.key}/").content.decode()
    assert "Unidad de Género disuelta" in history
    assert "Acuerdo 7" in history


def test_the_desk_dissolves_with_a_successor(valentina: User) -> None:
    market, heir = make.department("Mercados"), make.department("Comercio")
    unit = units.climbed(market, 2, by=valentina)
    page = reverse("admin:members_genderunit_dissolve", args=[unit.pk])
    staff = signed_in(valentina)
    typed = {
        "document": "Acuerdo 7",
        "date": timezone.localdate().isoformat(),
        "reason": "Se reorganizó",
        "successor": heir.pk,
    }
    assert staff.post(page, {**typed, "successor": market.pk}).status_code == 422
    assert staff.post(page, typed).status_code == 302
    unit.refresh_from_db()
    assert (unit.state, unit.successor) == ("disuelta", heir)
    assert "ya no corresponde" in staff.post(page, typed).content.decode()
    shown = staff.get(f"/admin/members/genderunit/{unit.pk}/change/").content.decode()
    assert "UG/2/2026" in shown


@pytest.mark.parametrize("rows", [1, 3, 40])
def test_the_page_of_a_dependencia_costs_the_same(
    rows: int, valentina: User, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    market = make.department("Mercados")
    units.climbed(market, 2, by=valentina)
    for number in range(rows):
        formalizing.open_unit(make.department(f"Dirección {number}"), by=By.admin(valentina))
    with django_assert_num_queries(18):
        client.get(f"/directorio/{market.key}/")
    she = signed_in(holder(GenderUnit.objects.get(department=market)))
    she.get(HERS)
    with django_assert_num_queries(20):
        she.get(HERS)
