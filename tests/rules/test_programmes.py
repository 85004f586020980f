"""The modules of a diplomado: what counts as concluded, what the diploma still wants, and no circles."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from members import holdings
from members.models import Member, User
from red_genero.common.models import AccessLog
from red_genero.common.states import By
from tests import make
from tests.conftest import signed_in
from trainings import certifying, programmes
from trainings.forms.course import CourseForm
from trainings.models import Certificate, Course, Enrollment, Module
from trainings.programmes import Progress, module_progress


def diplomado(*courses: Course, optional: tuple[Course, ...] = ()) -> Course:
    """Return a diplomado made of ``courses``, then of the optional ones."""
    made = make.course("Diplomado en presupuestos")
    made.format = Course.Format.DIPLOMA
    made.save()
    for order, course in enumerate((*courses, *optional), start=1):
        module = Module(programme=made, course=course, order=order, required=course not in optional)
        module.full_clean()
        module.save()
    return made


def concluded(course: Course, who: Member, state: str = Enrollment.State.COMPLETED) -> Enrollment:
    """Return her place in an edición of ``course``."""
    return make.enrollment(make.edition(course, sessions=1), who.person, state)


def test_each_module_is_told_apart_in_its_order(alicia: Member) -> None:
    """Concluded, in a seat, in the queue, left and never begun."""
    courses = [make.course(f"Módulo {number}") for number in range(5)]
    of = diplomado(*courses[:4], optional=(courses[4],))
    concluded(courses[0], alicia)
    concluded(courses[1], alicia, Enrollment.State.CONFIRMED)
    concluded(courses[2], alicia, Enrollment.State.WAITING)
    concluded(courses[3], alicia, Enrollment.State.NO_SHOW)
    progress = module_progress(of, alicia.person)
    assert [step.module.course for step in progress.steps] == courses
    assert [step.progress for step in progress.steps] == [
        Progress.MET,
        Progress.UNDER_WAY,
        Progress.UNDER_WAY,
        Progress.TO_DO,
        Progress.TO_DO,
    ]
    assert [module.course for module in progress.missing] == courses[1:4]
    assert (progress.met, progress.complete, progress.begun) == (1, False, True)


def test_an_optional_module_is_never_missing(alicia: Member) -> None:
    """Only the required ones are wanted."""
    basics, extra = make.course("Básico"), make.course("Optativo")
    of = diplomado(basics, optional=(extra,))
    concluded(basics, alicia)
    progress = module_progress(of, alicia.person)
    assert progress.complete
    assert [step.met for step in progress.steps] == [True, False]


def test_a_formacion_without_modules_wants_none(alicia: Member) -> None:
    """Its own edición is all there is."""
    progress = module_progress(make.course(), alicia.person)
    assert (progress.steps, progress.complete, progress.begun) == ((), True, False)


def test_who_taught_a_module_has_not_concluded_it(alicia: Member, fernanda: User) -> None:
    """A reconocimiento is for having taught; a constancia of another's seat is not hers either."""
    course = make.course()
    of = diplomado(course)
    run = make.taught(course, people=1)
    seat = run.enrollments.get()
    paper = make.certificate(seat, by=fernanda)
    assert module_progress(of, seat.person).complete
    Certificate.objects.filter(pk=paper.pk).update(
        kind=Certificate.Kind.RECOGNITION, person=alicia.person, enrollment=None
    )
    assert not module_progress(of, alicia.person).complete


@pytest.mark.parametrize(
    ("cause", "still_met"),
    [(Certificate.Revocation.UNEARNED, False), (Certificate.Revocation.REQUEST, True)],
)
def test_what_was_not_earned_does_not_count(fernanda: User, cause: str, still_met: bool) -> None:
    """A constancia revoked for its requirements takes the module with it; one given back does not."""
    course = make.course()
    of = diplomado(course)
    seat = make.taught(course, people=1).enrollments.get()
    paper = make.certificate(seat, by=fernanda)
    certifying.revoke(
        paper,
        by=By.admin(fernanda),
        revocation=Certificate.Revocation(cause),
        internal_reason="Revisión",
    )
    assert module_progress(of, seat.person).complete is still_met


def test_many_people_cost_what_one_costs(alicia: Member) -> None:
    """Three queries, whoever asks."""
    courses = [make.course(f"Módulo {number}") for number in range(3)]
    of = diplomado(*courses)
    people = [alicia.person.pk, *(make.person().pk for _ in range(4))]
    concluded(courses[0], alicia)
    for asked in (people[:1], people):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            found = programmes.progress_of(of, asked)
        assert len(queries) == 3
        assert [found[pk].met for pk in asked] == [1] + [0] * (len(asked) - 1)


def test_a_circle_is_refused(db: None) -> None:
    """Not itself, not through another, and not twice."""
    inner = diplomado(make.course())
    outer = diplomado(inner)
    outermost = diplomado(outer)
    for programme, course in ((inner, outermost), (inner, outer), (inner, inner)):
        with pytest.raises(ValidationError) as refusal:
            Module(programme=programme, course=course).full_clean()
        assert "círculo" in str(refusal.value) or "sí mismo" in str(refusal.value)
    with pytest.raises(ValidationError, match="ya es módulo"):
        Module(programme=outer, course=inner).full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        Module.objects.create(programme=inner, course=inner)


def test_only_a_diplomado_has_modules(db: None) -> None:
    """And what is a module stays in the catalogue."""
    course = make.course()
    with pytest.raises(ValidationError, match="Solo un diplomado"):
        Module(programme=course, course=make.course()).full_clean()
    diplomado(course)
    with pytest.raises(ProtectedError):
        course.delete()


@pytest.mark.parametrize("rows", [1, 6])
def test_mis_datos_reads_each_table_once(alicia: Member, rows: int) -> None:
    """Her inscripciones name their edición and its formación without asking again for each."""
    for _ in range(rows):
        concluded(make.course(), alicia)
    with CaptureQueriesContext(connection) as queries:
        holdings.of(alicia.person)
    read = [query["sql"] for query in queries if 'FROM "trainings_' in query["sql"]]
    assert len([sql for sql in read if 'FROM "trainings_edition"' in sql]) == 0
    assert len([sql for sql in read if 'FROM "trainings_course"' in sql]) == 0
    assert len([sql for sql in read if 'FROM "trainings_enrollment"' in sql]) == 1


def test_her_diplomados_are_those_that_she_has_begun(alicia: Member, beatriz: Member) -> None:
    """One concluded module or a place in the diplomado itself; a module under way is not yet one."""
    first, second = make.course("Primero"), make.course("Segundo")
    of = diplomado(first, second)
    other = diplomado(make.course("Tercero"))
    Course.objects.filter(pk=other.pk).update(title="Diplomado en agendas")
    make.enrollment(make.edition(first), beatriz.person)
    assert programmes.under_way_of(beatriz.person) == []
    concluded(first, alicia)
    make.enrollment(make.edition(other), alicia.person, Enrollment.State.WAITING)
    found = programmes.under_way_of(alicia.person)
    assert [(programme, progress.met) for programme, progress in found] == [(other, 0), (of, 1)]


def test_she_and_staff_read_how_far_she_is(alicia: Member, fernanda: User) -> None:
    """On the course page, her panel, her constancias, and the coordinator's table."""
    first, second = make.course("Módulo de marco jurídico"), make.course("Módulo de presupuesto")
    of = diplomado(first, second)
    concluded(first, alicia)
    run = make.edition(of)
    make.enrollment(run, alicia.person)
    assert alicia.person.user is not None
    hers, visitor = signed_in(alicia.person.user), Client()
    page = reverse("trainings:course_detail", args=[of.key])
    meter = "<strong>1</strong> de 2"
    for path in (page, reverse("panel"), reverse("trainings:certificate_list")):
        assert meter in hers.get(path).content.decode(), path
    public = visitor.get(page).content.decode()
    assert meter not in public
    assert "Módulo de presupuesto" in public
    desk = signed_in(fernanda).get(reverse("trainings:programme_progress", args=[run.key]))
    assert "1 de 2" in desk.content.decode()
    assert AccessLog.objects.get().what == f"Avance por módulos de {run.key}"


def test_staff_orders_the_modules_and_no_circle_enters(fernanda: User) -> None:
    """The page of the diplomado holds them; a formación that is none has no such part."""
    course = make.course("Básico")
    of, client = diplomado(), signed_in(fernanda)
    page = reverse("admin:trainings_course_change", args=[of.pk])
    typed = {
        name: value
        for name, value in client.get(page).context["adminform"].form.initial.items()
        if value is not None and name != "prerequisites"
    }
    typed |= {"modules-TOTAL_FORMS": "1", "modules-INITIAL_FORMS": "0", "modules-0-required": "on"}
    typed["hours"] = "6.0"
    refused = client.post(page, {**typed, "modules-0-course": of.pk})
    saved = client.post(page, {**typed, "modules-0-course": course.pk})
    assert (refused.status_code, saved.status_code) == (200, 302)
    assert "formarían un círculo" in refused.content.decode()
    assert [(row.order, row.course, row.required) for row in of.modules.all()] == [
        (1, course, True)
    ]
    again = {"modules-TOTAL_FORMS": "2", "modules-1-course": course.pk, "modules-1-required": "on"}
    twice = client.post(page, {**typed, **again, "modules-0-course": course.pk})
    assert twice.status_code == 200
    plain = client.get(reverse("admin:trainings_course_change", args=[course.pk]))
    assert "modules-TOTAL_FORMS" not in plain.content.decode()
    kept = client.post(page, {**typed, "format": "taller", "modules-TOTAL_FORMS": "0"})
    assert "Tiene módulos" in kept.content.decode()


def test_prerequisites_form_no_circle(db: None) -> None:
    """At any distance."""
    first, second, third = (make.course(title) for title in ("Uno", "Dos", "Tres"))
    second.prerequisites.add(first)
    third.prerequisites.add(second)
    form = CourseForm(instance=first, data={"prerequisites": [third.pk]})
    fine = CourseForm(instance=third, data={"prerequisites": [first.pk, second.pk]})
    assert "a su vez" in str(form.errors["prerequisites"])
    assert "prerequisites" not in fine.errors
