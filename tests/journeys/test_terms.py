"""A government ends: Dirección closes it, Validación works its tasks, and what the Red was is handed over."""

import csv
import hashlib
import io
import zipfile
from datetime import timedelta
from typing import Any

import pikepdf
import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from members import closing_terms, designating, formalizing, handing_over
from members.models import Designation, GovernmentTerm, HandoverPack, TermTask, User
from red_genero.common.exports import unguarded
from red_genero.common.models import AccessLog
from red_genero.common.states import By
from red_genero.handover import packing
from red_genero.tasks import make_handover
from tests import make
from tests.conftest import signed_in
from tests.documents import reading
from tests.rules import liaising, units
from tests.rules.test_terms import term


def press(staff: Client, model: str, act: str, key: int, **data: Any) -> Any:
    """Press a button of the administration."""
    return staff.post(reverse(f"admin:members_{model}_{act}", args=[key]), data)


def body(answer: Any) -> bytes:
    """Return what was downloaded."""
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_from_the_last_day_to_the_ratification(valentina: User, diana: User) -> None:
    market, works = make.department("Dirección de Mercados"), make.department("Obras Públicas")
    held = liaising.in_force(market, by=valentina)
    this = term(last_in_days=1)
    direction, staff = signed_in(diana), signed_in(valentina)
    assert press(staff, "governmentterm", "close", this.pk).status_code == 403
    early = direction.get(reverse("admin:members_governmentterm_close", args=[this.pk]))
    assert "todavía no puede hacerse" in early.content.decode()
    refusal = press(direction, "governmentterm", "close", this.pk)
    told = direction.get(refusal.headers["Location"]).content.decode()
    assert "ciérrelo ese día o después" in told
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        direction, staff = signed_in(diana), signed_in(valentina)
        asked = direction.get(reverse("admin:members_governmentterm_close", args=[this.pk]))
        assert f"Dirección de Mercados: {held.person}" in asked.content.decode()
        assert press(direction, "governmentterm", "close", this.pk).status_code == 302
        desk = staff.get("/admin/").content.decode()
        assert "Tareas del cambio de gobierno" in desk
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        staff = signed_in(valentina)
        task = TermTask.objects.get(department=market)
        paper = SimpleUploadedFile("oficio.pdf", liaising.PDF, "application/pdf")
        today = timezone.localdate().isoformat()
        answer = press(
            staff, "termtask", "ratify", task.pk, number="DM/9/2027", date=today, file=paper
        )
        assert answer.status_code == 302
        again = Designation.objects.get(oficio_number="DM/9/2027")
        page = staff.get(f"/periodos/{this.key}/").content.decode()
        assert "En trámite: nominada por su dependencia" in page
        her = By.web(held.person.user)  # type: ignore[arg-type]
        designating.accept(again, show_name="nadie", by=her)
        press(staff, "designation", "validate", again.pk, start=today)
        other = TermTask.objects.get(department=works)
        empty = press(staff, "termtask", "declare_vacant", other.pk, reason="")
        assert empty.status_code == 422
        press(staff, "termtask", "declare_vacant", other.pk, reason="En reestructura")
        page = staff.get(f"/periodos/{this.key}/?estado=ratificada").content.decode()
        assert "<strong>2</strong> de 2" in page
        assert "<strong>1</strong> tarea" in page
        assert "DM/9/2027" in page
        assert staff.get("/periodos/").headers["Location"] == f"/periodos/{this.key}/"
        assert staff.get(f"/periodos/{this.key}/?estado=ninguno").status_code == 400
        assert AccessLog.objects.filter(user=valentina, what__startswith="Tareas").exists()


def test_who_reads_the_progress(valentina: User, fernanda: User, client: Client) -> None:
    this = term()
    assert signed_in(valentina).get(f"/periodos/{this.key}/").status_code == 200
    assert signed_in(fernanda).get(f"/periodos/{this.key}/").status_code == 404
    assert client.get(f"/periodos/{this.key}/").status_code == 302


@pytest.mark.once
@pytest.mark.parametrize("rows", [1, 3, 25])
def test_the_progress_asks_the_same_whatever_the_rows(
    rows: int, valentina: User, diana: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(rows):
        place = make.department(f"Dirección {number:02d}")
        if number < 3:
            liaising.in_force(place, by=valentina)
    this = closing_terms.close(term(), by=By.admin(diana))
    staff = signed_in(valentina)
    staff.get(f"/periodos/{this.key}/")
    with django_assert_num_queries(13):
        staff.get(f"/periodos/{this.key}/")


def made_pack(this: GovernmentTerm, by: User) -> HandoverPack:
    """Ask for a pack and let the worker make it."""
    pack = handing_over.ask(
        this, purpose="Entrega-recepción", parts=packing.PARTS_IN_ALL, by=By.web(by)
    )
    make_handover.call(pack.pk)
    pack.refresh_from_db()
    return pack


@pytest.mark.once
def test_the_pack_on_paper_and_as_data(valentina: User, diana: User, fernanda: User) -> None:
    market = make.department("Dirección de Mercados")
    make.department("=Oficina «Ñandú»")
    hidden = liaising.worker(make.department("Comisaría"), "Oculta")
    hidden.hidden = True
    hidden.save(update_fields=["hidden"])
    liaising.in_force(hidden.assignments.get().department, hidden, by=valentina)
    held = liaising.in_force(market, by=valentina)
    member = make.member(make.person("Sofía", "Nadie", "Diga"), works_in=market)
    run = make.taught(people=2)
    paper = make.certificate(run.enrollments.order_by("pk")[0], by=fernanda)
    unit = units.climbed(make.department("Cultura"), 5, by=valentina)
    gone = units.opened(make.department("Seguridad"), by=valentina)
    ending = formalizing.Ending(
        document="Decreto 7", date=timezone.localdate(), reason="Se extinguió", successor=market
    )
    formalizing.dissolve(gone, ending, by=By.admin(valentina))
    pack = made_pack(closing_terms.close(term(), by=By.admin(diana)), diana)
    assert (pack.job.state, pack.job.done) == ("terminado", pack.job.total)

    direction = signed_in(diana)
    address = f"/periodos/{pack.term.key}/entrega/{pack.pk}"
    pdf, data = (body(direction.get(f"{address}/{form}/")) for form in ("pdf", "zip"))
    assert hashlib.sha256(pdf).hexdigest() == pack.pdf_sha256
    assert hashlib.sha256(data).hexdigest() == pack.data_sha256
    text = " ".join(reading.pages(pdf))
    for words in (
        pack.term.name,
        held.person.full_name,
        held.oficio_number,
        "Reservado por seguridad",
        "Entrega: nombre, cargo y firma",
        "archivos.csv",
        "Consolidada",
        "Gaceta Municipal, tomo V, ejemplar 12",
        "sin ratificación",
        "Plan anual",
    ):
        assert words in text, words
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.read("entrega.pdf") == pdf
        tables = {
            name.removeprefix("datos/"): archive.read(name).decode("utf-8-sig")
            for name in archive.namelist()
            if name.startswith("datos/")
        }
        readme = archive.read("LEEME.txt").decode()
    assert all(name in readme for name in tables)
    rows = list(csv.DictReader(io.StringIO(tables["enlaces.csv"], newline="")))
    by_place = {unguarded(row["Dependencia"]): row for row in rows}
    assert by_place["Dirección de Mercados"]["Persona"] == held.person.full_name
    assert by_place["Comisaría"]["Persona"] == "Reservado por seguridad"
    assert "'=Oficina «Ñandú»" in tables["enlaces.csv"]
    everything = text + readme + "".join(tables.values())
    for secret in ("Nadie", "Oculta", member.folio, hidden.institutional_email):
        assert secret not in everything, secret
    assert "Documento de una Unidad de Género,UG/5/2026,Cultura," in tables["archivos.csv"]
    assert unit.department.name in tables["unidades.csv"]
    assert "Seguridad,Decreto 7," in tables["unidades_disueltas.csv"]
    year = timezone.localdate().year
    assert f"Cultura,Plan anual,{year}," in tables["planes_e_informes.csv"]
    assert f"{year:,}" not in text
    with held.oficio.open() as stored:
        assert hashlib.sha256(stored.read()).hexdigest() in tables["archivos.csv"]
    assert f"{paper.folio},,{paper.sha256},Registrada al emitir" in tables["archivos.csv"]
    assert "Perspectiva de Género,1,6,2,12" in tables["horas_por_area.csv"]
    logged = AccessLog.objects.filter(user=diana, purpose="Entrega-recepción")
    assert logged.filter(what__startswith="Paquete de entrega (ZIP)", rows=pack.named).exists()


@pytest.mark.once
def test_the_paper_of_the_pack_is_tagged(valentina: User, diana: User) -> None:
    liaising.in_force(make.department("Dirección de Mercados"), by=valentina)
    pack = made_pack(closing_terms.close(term(), by=By.admin(diana)), diana)
    with pack.pdf.open() as stored, pikepdf.open(io.BytesIO(stored.read())) as pdf:
        assert str(pdf.Root.Lang) == "es-MX"
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.docinfo["/Title"]) == f"Entrega de la Red: {pack.term}"
        assert reading.untagged(pdf) == []
        assert reading.orphans(pdf) == []
        found = reading.structure(pdf)
        assert found["/H1"] == 1
        assert found["/H2"] == packing.PARTS_IN_ALL
        assert found["/TH"] > found["/Table"]


def test_who_hands_over_and_what_is_asked(valentina: User, diana: User) -> None:
    this = term()
    address = f"/periodos/{this.key}/entrega/"
    assert signed_in(valentina).post(address, {"purpose": "x"}).status_code == 404
    direction = signed_in(diana)
    assert direction.post(address, {"purpose": " "}).status_code == 422
    asked = direction.post(address, {"purpose": "Entrega"})
    pack = HandoverPack.objects.get()
    assert asked.headers["Location"] == f"/trabajos/{pack.job.key}/"
    assert direction.post(address, {"purpose": "Otra vez"}).status_code == 302
    assert HandoverPack.objects.count() == 1
    assert direction.get(f"{address}{pack.pk}/pdf/").status_code == 404
    make_handover.call(pack.pk)
    make_handover.call(pack.pk)
    assert direction.get(f"{address}{pack.pk}/pdf/").status_code == 200
    assert direction.get(f"{address}{pack.pk}/doc/").status_code == 404
    assert signed_in(valentina).get(f"{address}{pack.pk}/pdf/").status_code == 404
    with time_machine.travel(timezone.now() + handing_over.KEEP + timedelta(hours=1)):
        handing_over.forget_old()
    assert not HandoverPack.objects.exists()
