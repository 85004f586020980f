"""Constancias: who gets one, folios without gaps, frozen for ever, replaced and revoked but never revived."""

import datetime
import hashlib
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from members.models import Institute, User
from red_genero.common.models import Job, QueuedMail, Transition
from red_genero.common.states import By
from red_genero.documents import render
from tests import make
from tests.documents.reading import copied
from trainings import archiving, attending, certifying, closing, documents, issuing, previewing
from trainings.certifying import Corrections
from trainings.models import (
    Attendance,
    Certificate,
    Course,
    Edition,
    Enrollment,
    IssueBatch,
    IssueItem,
    Signatory,
)

Mark = Attendance.Mark
State = Certificate.State


@pytest.fixture
def run(carmen: User) -> Edition:
    """A closed edición: three people who attended everything; somebody signs."""
    make.signatory()
    made = make.taught()
    for session in made.sessions.all():
        attending.all_present(session, by=By.web(carmen))
    return closing.close(made, by=By.web(carmen))


@pytest.fixture
def issued(carmen: User) -> Certificate:
    """The only constancia of an edición."""
    return make.certificate(make.taught(people=1).enrollments.get(), by=carmen)


def issue_all(run: Edition, by: User) -> IssueBatch:
    batch = certifying.issue(run, by=By.web(by))
    issuing.work_through(batch)
    return batch


def folios() -> list[str]:
    return list(Certificate.objects.order_by("pk").values_list("folio", flat=True))


def year() -> int:
    return timezone.localdate().year


def test_issuing_gives_each_a_folio_a_file_and_one_mail(run: Edition, carmen: User) -> None:
    batch = issue_all(run, carmen)
    batch.job.refresh_from_db()

    assert folios() == [f"RED-{year()}-{number:04d}" for number in (1, 2, 3)]
    assert (batch.job.state, batch.job.done, batch.job.total) == (Job.State.DONE, 3, 3)
    for certificate in Certificate.objects.all():
        content = archiving.read_pdf(certificate)
        assert content is not None
        assert hashlib.sha256(content).hexdigest() == certificate.sha256
        assert len(certificate.code) == 28
    assert QueuedMail.objects.filter(kind="trainings/certificate_issued").count() == 3


def test_pressing_again_issues_nothing_twice(run: Edition, carmen: User) -> None:
    batch = certifying.issue(run, by=By.web(carmen))
    assert certifying.issue(run, by=By.web(carmen)) == batch

    for _ in range(2):
        issuing.work_through(batch)
    with pytest.raises(ValidationError, match="No hay constancias por emitir"):
        certifying.issue(run, by=By.web(carmen))
    assert len(folios()) == QueuedMail.objects.count() == 3


def test_the_database_holds_one_in_force_per_enrolment(issued: Certificate) -> None:
    issued.pk, issued.folio, issued.code = None, "RED-2026-9999", "X" * 28

    with pytest.raises(IntegrityError), transaction.atomic():
        issued.save(force_insert=True)


def test_the_preview_says_who_and_why_not(carmen: User) -> None:
    make.signatory()
    run = make.taught(people=3)
    own = make.enrollment(run, make.member(carmen.person).person)
    other = make.user()
    one, two, three = run.enrollments.exclude(pk=own.pk).order_by("pk")
    for session in run.sessions.all():
        attending.mark(own, session, Mark.PRESENT, by=By.web(other), origin="papel")
        attending.mark(one, session, Mark.PRESENT, by=By.web(carmen), origin="papel")
        attending.mark(two, session, Mark.ABSENT, by=By.web(carmen), origin="papel")
    attending.mark(
        three, run.sessions.get(number=1), Mark.PRESENT, by=By.web(carmen), origin="papel"
    )
    closed = closing.close(run, by=By.web(carmen), missing_are_absent=True)
    preview = previewing.Preview(closed, by=By.web(carmen))

    assert [candidate.enrollment for candidate in preview.receiving] == [one]
    assert {candidate.enrollment: candidate.reason for candidate in preview.others} == {
        two: "No asistió: no alcanzó la asistencia mínima.",
        three: "No concluida: no alcanzó la asistencia mínima.",
        own: "Es su propia constancia: la debe emitir otra persona.",
    }


def test_nobody_issues_her_own(carmen: User) -> None:
    make.signatory()
    run = make.taught(people=1)
    own = make.enrollment(run, make.member(carmen.person).person)
    Enrollment.objects.filter(edition=run).update(state=Enrollment.State.COMPLETED)
    Edition.objects.filter(pk=run.pk).update(state=Edition.State.CLOSED)
    run.refresh_from_db()
    batch = certifying.issue(run, by=By.web(carmen))
    assert batch.items.count() == 1

    item = IssueItem.objects.create(batch=batch, enrollment=own)
    assert issuing.give_folios(batch, [item]) == []
    assert item.error == "Nadie emite su propia constancia: la debe emitir otra persona."
    assert not own.certificates.exists()


def test_an_open_edition_issues_nothing(carmen: User) -> None:
    make.signatory()
    with pytest.raises(ValidationError, match="Primero cierre la edición"):
        certifying.issue(make.taught(), by=By.web(carmen))


def test_without_a_signatory_in_force_nothing_is_issued(run: Edition, carmen: User) -> None:
    Signatory.objects.update(valid_to=timezone.localdate() - datetime.timedelta(days=1))
    with pytest.raises(ValidationError, match="No hay firmantes vigentes"):
        certifying.issue(run, by=By.web(carmen))
    assert not Job.objects.exists()


def test_a_signatory_who_left_meanwhile_stops_the_batch_without_taking_folios(
    run: Edition, carmen: User
) -> None:
    batch = certifying.issue(run, by=By.web(carmen))
    Signatory.objects.update(valid_to=timezone.localdate() - datetime.timedelta(days=1))
    issuing.work_through(batch)
    batch.job.refresh_from_db()

    assert (batch.job.state, batch.job.failed) == (Job.State.FAILED, 3)
    assert folios() == []
    Signatory.objects.update(valid_to=None)
    issue_all(run, carmen)
    assert len(folios()) == 3


def test_a_name_that_cannot_be_printed_takes_no_folio(run: Edition, carmen: User) -> None:
    one, two, three = run.enrollments.order_by("pk")
    batch = certifying.issue(run, by=By.web(carmen))
    type(two.person).objects.filter(pk=two.person_id).update(certificate_name="María 花 Luna")
    issuing.work_through(batch)
    two_item = batch.items.get(enrollment=two)

    assert two_item.state == IssueItem.State.FAILED
    assert "花" in two_item.error
    assert folios() == [f"RED-{year()}-0001", f"RED-{year()}-0002"]
    assert set(Certificate.objects.values_list("enrollment", flat=True)) == {one.pk, three.pk}


def test_a_name_too_long_for_the_paper_is_said_before_issuing(run: Edition, carmen: User) -> None:
    seat = run.enrollments.order_by("pk")[0]
    type(seat.person).objects.filter(pk=seat.person_id).update(
        given_names="Ana " * 25, first_surname="Luna " * 20
    )
    reasons = [candidate.reason for candidate in previewing.Preview(run).others]

    assert len(reasons) == 1
    assert "caben 120" in reasons[0]


def test_what_was_issued_is_frozen(issued: Certificate) -> None:
    certificate = Certificate.objects.select_related("person", "edition__course").get()
    before = archiving.read_pdf(certificate)
    person, course = certificate.person, certificate.edition.course
    person.given_names, course.title = "Otro", "Otro título"
    person.save()
    course.save()
    Signatory.objects.update(name="Otra Firmante")
    Institute.objects.create(name="Otro Instituto")
    same = Certificate.objects.get(pk=certificate.pk)

    assert archiving.read_pdf(same) == before
    assert render(documents.certificate_document(same)) == before


def test_the_paper_says_what_the_row_says(issued: Certificate) -> None:
    certificate = issued
    content = archiving.read_pdf(certificate)
    assert content is not None
    text = copied(content)

    for words in (
        "Ñeca Apellido000 Íñiguez",
        "por haber acreditado el taller",
        "Sesgos cotidianos en la oficina pública",
        "Dirección de Obras Públicas",
        "Modalidad presencial",
        "6 horas",
        documents.date_range(certificate.starts_on, certificate.ends_on),
        certificate.folio,
        "Ana Sofía Ñáñez Echeverría",
    ):
        assert words in text


@pytest.mark.parametrize(
    ("paper", "kind", "words"),
    [
        (Course.Paper.ACCREDITATION, "acreditacion", "por haber acreditado el curso"),
        (Course.Paper.ATTENDANCE, "asistencia", "por su asistencia al curso"),
        (Course.Paper.DIPLOMA, "diploma", "por haber concluido el curso"),
    ],
)
def test_the_document_follows_the_course(
    run: Edition, carmen: User, paper: str, kind: str, words: str
) -> None:
    Course.objects.update(paper=paper, format=Course.Format.COURSE)
    seat = run.enrollments.select_related("edition__course__area", "person", "department")[0]
    facts = documents.facts_of(seat, documents.taught(seat.edition))

    frozen = documents.freeze(facts, *certifying.style_of(facts.kind), code="A" * 28)

    assert (facts.kind, frozen["context"]["reason"]) == (kind, words)
    assert frozen["context"]["details"] == ["Modalidad presencial", "6 horas"]


def test_a_paper_tells_the_days_that_were_held(db: None) -> None:
    """An announced day stays as it is unless its only session was cancelled."""
    run = make.edition(sessions=4)
    days = [session.day for session in run.sessions.order_by("number")]
    run.starts_on, run.ends_on = days[0], days[-1] + datetime.timedelta(days=2)
    run.sessions.filter(number__in=(1, 4)).update(cancelled_at=timezone.now())

    assert documents.taught(run)[1:] == (days[1], run.ends_on)
    run.ends_on = days[-1]
    assert documents.taught(run)[1:] == (days[1], days[2])
    run.sessions.update(cancelled_at=timezone.now())
    assert documents.taught(run)[1:] == (days[0], days[-1])


def test_cancelled_sessions_are_not_hours_taught(db: None) -> None:
    run = make.taught(sessions=4)
    assert documents.taught_hours(run) == 12
    run.sessions.filter(number=2).update(cancelled_at=timezone.now())
    assert documents.taught_hours(run) == 9
    run.sessions.filter(number=3).update(hours=6)
    assert documents.taught_hours(run) == 12
    run.hours = Decimal(20)
    assert documents.taught_hours(run) == 17


def test_a_replacement_points_and_frees_nothing_else(issued: Certificate, fernanda: User) -> None:
    old = issued
    new = certifying.replace(
        old,
        by=By.admin(fernanda),
        reason="Faltaba un acento",
        corrections=Corrections(name="Ñeca Apéllido Íñiguez"),
    )
    archiving.store_pdf(new)
    old.refresh_from_db()
    new.refresh_from_db()

    assert (old.state, old.replaced_by, new.state) == (State.REPLACED, new, State.VALID)
    assert (new.enrollment_id, new.folio) == (old.enrollment_id, f"RED-{year()}-0002")
    assert (new.name, new.hours, new.course_title) == (
        "Ñeca Apéllido Íñiguez",
        old.hours,
        old.course_title,
    )
    assert old.name == "Ñeca Apellido000 Íñiguez"
    line = Transition.objects.about(old).last()
    assert line is not None
    assert (line.to_state, line.reason, line.actor) == (
        "reemplazada",
        "Faltaba un acento",
        fernanda,
    )
    mail = QueuedMail.objects.filter(kind="trainings/certificate_issued").latest("pk")
    assert f"Reemplaza a la de folio {old.folio}" in mail.text


def test_a_replaced_one_is_not_replaced_again_nor_revoked(
    issued: Certificate, fernanda: User
) -> None:
    old = issued
    by = By.admin(fernanda)
    certifying.replace(old, by=by, reason="Acento", corrections=Corrections(name="Otro Nombre"))
    with pytest.raises(ValidationError, match="No se puede pasar"):
        certifying.replace(old, by=by, reason="Acento", corrections=Corrections(name="Tercero"))
    with pytest.raises(ValidationError, match="No se puede pasar"):
        certifying.revoke(old, revocation="error_datos", internal_reason="x", by=by)
    assert len(folios()) == 2


@pytest.mark.parametrize(
    ("reason", "corrections", "code"),
    [
        ("", Corrections(name="Otro Nombre"), "reason_required"),
        ("Acento", Corrections(), "nothing_corrected"),
        ("Acento", Corrections(name="Ñeca Apellido000 Íñiguez"), "nothing_corrected"),
        ("Acento", Corrections(name="花" * 3), "unprintable"),
        ("Acento", Corrections(name="A" * 121), "unprintable"),
    ],
)
def test_a_refused_replacement_changes_nothing(
    issued: Certificate, fernanda: User, reason: str, corrections: Corrections, code: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        certifying.replace(issued, by=By.admin(fernanda), reason=reason, corrections=corrections)
    issued.refresh_from_db()

    assert refused.value.error_list[0].code == code
    assert (issued.state, len(folios())) == (State.VALID, 1)


def test_a_revocation_keeps_its_internal_reason_apart(issued: Certificate, fernanda: User) -> None:
    certificate = issued
    for _ in range(2):
        gone = certifying.revoke(
            certificate,
            revocation=Certificate.Revocation.UNEARNED,
            internal_reason="No asistió",
            by=By.admin(fernanda),
        )

    assert (gone.state, gone.revocation, gone.ended_at is not None) == (
        State.REVOKED,
        "requisitos",
        True,
    )
    lines = Transition.objects.about(certificate).filter(to_state="revocada")
    assert [line.reason for line in lines] == ["Requisitos no cumplidos"]
    told = QueuedMail.objects.get(kind="trainings/certificate_revoked")
    assert "Motivo: requisitos no cumplidos." in told.text
    assert "No asistió" not in told.text


def test_a_revoked_one_is_never_revived_nor_issued_again(
    issued: Certificate, fernanda: User
) -> None:
    certificate = issued
    certifying.revoke(
        certificate, revocation="solicitud", internal_reason="Pidió", by=By.admin(fernanda)
    )
    with pytest.raises(ValidationError, match="No hay constancias por emitir"):
        certifying.issue(issued.edition, by=By.admin(fernanda))
    assert Certificate.MOVES.get(State.REVOKED) is None


@pytest.mark.parametrize(
    ("revocation", "reason", "code"),
    [("porque_si", "x", "unknown_reason"), ("error_datos", " ", "reason_required")],
)
def test_a_revocation_without_its_reasons_is_refused(
    issued: Certificate, fernanda: User, revocation: str, reason: str, code: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        certifying.revoke(
            issued,
            revocation=revocation,
            internal_reason=reason,
            by=By.admin(fernanda),
        )
    assert refused.value.error_list[0].code == code
    assert Certificate.objects.valid().count() == 1


def test_a_file_that_changed_is_not_handed_over(issued: Certificate) -> None:
    certificate = issued
    assert certificate.pdf.name is not None
    with default_storage.open(certificate.pdf.name, "wb") as file:
        file.write(b"%PDF-1.7 otra cosa")

    assert archiving.read_pdf(certificate) is None
    default_storage.delete(certificate.pdf.name)
    assert archiving.read_pdf(certificate) is None


def test_what_a_lost_worker_left_half_done_is_finished(run: Edition, carmen: User) -> None:
    """The folio was given, part of the file was written, then the worker died."""
    batch = certifying.issue(run, by=By.web(carmen))
    item = batch.items.order_by("pk")[0]
    ((_, half),) = issuing.give_folios(batch, [item])
    content = render(documents.certificate_document(half))
    name = archiving.pdf_name(half, hashlib.sha256(content).hexdigest())
    default_storage.save(name, ContentFile(content[: len(content) // 2]))
    long_ago = timezone.now() - datetime.timedelta(hours=1)
    Job.objects.filter(pk=batch.job_id).update(state=Job.State.RUNNING, beat_at=long_ago)
    issuing.work_through_lost(datetime.timedelta(minutes=2))

    assert len(folios()) == QueuedMail.objects.count() == 3
    half.refresh_from_db()
    assert (half.pdf.name, archiving.read_pdf(half)) == (name, content)


@pytest.mark.parametrize("number", [1, 3, 20])
def test_the_preview_takes_as_many_queries_for_all(
    carmen: User, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make.signatory()
    run = make.taught(people=number)
    for session in run.sessions.all():
        attending.all_present(session, by=By.web(carmen))
    run = closing.close(run, by=By.web(carmen))
    with django_assert_num_queries(7):
        preview = previewing.Preview(run, by=By.web(carmen))
        assert preview.refusals == []
        assert len(preview.receiving) == number
