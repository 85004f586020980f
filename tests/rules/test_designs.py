"""How documents look: versions tried before they are used, diplomas only when whole, reconocimientos, everything in one file."""

import zipfile
from io import BytesIO

import pikepdf
import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.urls import reverse

from members.models import User
from red_genero.common.models import Job
from red_genero.common.states import By
from red_genero.documents import render
from tests import make
from tests.conftest import signed_in
from tests.documents import reading
from trainings import (
    archiving,
    attending,
    bundling,
    certifying,
    closing,
    designing,
    issuing,
    previewing,
)
from trainings.models import Certificate, Course, Design, Edition, Instructor, Module, Signatory


def design(kind: str = Certificate.Kind.ACCREDITATION, **values: object) -> Design:
    """Return a draft."""
    return Design.objects.create(kind=kind, version=designing.next_version(kind), **values)


def closed(by: User, *, of: Course | None = None, people: int = 2) -> Edition:
    """Return a closed edición in which everybody concluded."""
    make.signatory()
    run = make.taught(of, people=people, sessions=1)
    attending.all_present(run.sessions.get(), by=By.web(by))
    return closing.close(run, by=By.web(by))


@pytest.mark.parametrize("kind", Certificate.Kind.values)
def test_the_portals_own_designs_hold_every_case(db: None, kind: str) -> None:
    make.signatory()
    designing.check(Design.current(kind))
    hardest = reading.copied(render(designing.sample(Design.current(kind), designing.Case.HARDEST)))

    assert len(designing.LONGEST_NAME) == 78
    assert len(designing.LONGEST_TITLE) == 120
    assert designing.LONGEST_NAME in hardest
    assert designing.LONGEST_TITLE in hardest


def test_one_design_of_a_kind_is_in_force_and_what_was_issued_stays(carmen: User) -> None:
    run = closed(carmen, people=1)
    issuing.work_through(certifying.issue(run, by=By.web(carmen)))
    before = Certificate.objects.get()
    content = archiving.read_pdf(before)
    first = designing.activate(design(legend="2026, Año de prueba"), by=By.admin(carmen))
    second = designing.copy(first)
    second.heading, second.page = "Constancia de honor", Design.Page.DIPLOMA
    second.save()
    designing.activate(second, by=By.admin(carmen))
    first.refresh_from_db()

    assert (first.state, Design.current(first.kind)) == (Design.State.RETIRED, second)
    assert second.version == 2
    new = certifying.replace(
        before,
        by=By.admin(carmen),
        reason="Acento",
        corrections=certifying.Corrections(name="Otra Persona"),
    )
    archiving.store_pdf(new)
    text = reading.copied(archiving.read_pdf(new) or b"")
    assert "Constancia de honor" in text
    assert "2026, Año de prueba" in text
    before.refresh_from_db()
    assert archiving.read_pdf(before) == content


def test_a_broken_design_is_not_put_in_force(carmen: User) -> None:
    make.signatory()
    broken = design()
    broken.logo.save("roto.png", ContentFile(b"\x89PNG\r\n\x1a\nroto"))
    unprintable = design(heading="花")

    for bad, code in ((broken, "design_broken"), (unprintable, "unprintable")):
        with pytest.raises(ValidationError) as refusal:
            designing.activate(bad, by=By.admin(carmen))
        assert refusal.value.error_list[0].code == code
        bad.refresh_from_db()
        assert bad.state == Design.State.DRAFT


def test_only_the_chosen_sign_and_only_while_they_may(carmen: User) -> None:
    chosen, other = make.signatory("Rosa Luna Paz"), make.signatory("Ana Sol Ríos")
    made = design()
    made.signatories.add(chosen)
    designing.activate(made, by=By.admin(carmen))
    head = certifying.style_of(made.kind)[1]["context"]
    assert [person["name"] for person in head["signatories"]] == ["Rosa Luna Paz"]

    Signatory.objects.filter(pk=chosen.pk).update(valid_from="2020-01-01", valid_to="2020-12-31")
    assert other.pk
    with pytest.raises(ValidationError, match="No hay firmantes vigentes"):
        certifying.style_of(made.kind)


def test_a_diploma_waits_for_every_required_module(carmen: User) -> None:
    programme, part = make.course("Diplomado en igualdad"), make.course("Módulo de masculinidades")
    Course.objects.filter(pk=programme.pk).update(paper=Course.Paper.DIPLOMA)
    programme.refresh_from_db()
    Module.objects.create(programme=programme, course=part, order=1)
    run = closed(carmen, of=programme, people=1)
    preview = previewing.Preview(run, by=By.web(carmen))

    assert preview.receiving == []
    assert preview.others[0].reason == "Le falta concluir: Módulo de masculinidades."

    person = run.enrollments.get().person
    other = make.taught(part, people=0, sessions=1)
    make.enrollment(other, person)
    attending.all_present(other.sessions.get(), by=By.web(carmen))
    closing.close(other, by=By.web(carmen))
    issuing.work_through(certifying.issue(run, by=By.web(carmen)))
    diploma = Certificate.objects.get()

    assert diploma.kind == Certificate.Kind.DIPLOMA
    assert "otorga el presente diploma a" in reading.copied(archiving.read_pdf(diploma) or b"")


def test_who_taught_gets_one_reconocimiento(carmen: User, fernanda: User) -> None:
    run = closed(carmen)
    teacher = make.person("Lucía", "Ibáñez", "Ortiz")
    run.instructors.add(
        Instructor.objects.create(name="Lucía Ibáñez", person=teacher),
        Instructor.objects.create(name="Alguien de fuera"),
    )
    client = signed_in(fernanda)
    for _ in range(2):
        client.post(reverse("trainings:recognition_issue", args=[run.key]))
    issued = Certificate.objects.get()
    archiving.store_pdf(issued)

    assert (issued.person, issued.kind) == (teacher, Certificate.Kind.RECOGNITION)
    text = reading.copied(archiving.read_pdf(issued) or b"")
    assert "otorga el presente reconocimiento a" in text
    assert "por haber facilitado el taller" in text
    page = client.get(reverse("trainings:certificate_issue", args=[run.key])).content.decode()
    assert issued.folio in page
    assert "no está registrada como persona" in page


@pytest.mark.parametrize("form", ["zip", "pdf"])
def test_the_whole_edicion_goes_in_one_file(carmen: User, fernanda: User, form: str) -> None:
    run = closed(carmen)
    issuing.work_through(certifying.issue(run, by=By.web(carmen)))
    bundle = bundling.ask(run, form, by=By.web(carmen))
    assert bundling.ask(run, form, by=By.web(carmen)) == bundle
    bundling.make(bundle)
    bundle.job.refresh_from_db()
    assert (bundle.job.state, bundle.job.done) == (Job.State.DONE, 2)

    address = reverse("trainings:bundle_file", args=[run.key, bundle.pk])
    answer = signed_in(fernanda).get(address)
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert "no-store" in answer["Cache-Control"]
    if form == "zip":
        with zipfile.ZipFile(BytesIO(content)) as archive:
            stored = {archive.read(name) for name in archive.namelist()}
        assert stored == {archiving.read_pdf(each) for each in Certificate.objects.all()}
    else:
        with pikepdf.open(BytesIO(content)) as joined:
            assert len(joined.pages) == 2
    stranger = make.user(staff=True, roles=("Coordinación",))
    assert signed_in(stranger).get(address).status_code == 404


def test_what_is_in_force_is_read_and_copied_not_saved(fernanda: User) -> None:
    make.signatory()
    made, client = design(), signed_in(fernanda)
    address = reverse("admin:trainings_design_change", args=[made.pk])
    assert 'name="_save"' in client.get(address).content.decode()
    designing.activate(made, by=By.admin(fernanda))

    page = client.get(address).content.decode()
    assert 'name="_save"' not in page
    assert "Copiar en un borrador" in page
    assert client.post(address, {"heading": "Otra cosa"}).status_code == 403
    client.post(reverse("admin:trainings_design_copy_to_draft", args=[made.pk]))
    assert [each.state for each in Design.objects.order_by("version")] == ["activo", "borrador"]


def test_a_design_is_seen_before_it_is_used(fernanda: User) -> None:
    make.signatory()
    made = design()
    client = signed_in(fernanda)
    for case in designing.Case:
        answer = client.get(reverse("trainings:design_preview", args=[made.pk, case.value]))
        assert reading.pages(answer.content)
    listed = client.get(reverse("admin:trainings_design_changelist"))
    assert listed.status_code == 200
    assert "se imprime con el diseño propio del portal" in listed.content.decode()
    page = client.get(reverse("admin:trainings_design_change", args=[made.pk])).content.decode()
    assert "Con los más largos" in page
    made.heading = "花"
    made.save()
    answer = client.get(reverse("trainings:design_preview", args=[made.pk, "ordinario"]))
    assert answer.status_code == 422
    assert "花" in answer.content.decode()
