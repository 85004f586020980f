"""The modules of a diplomado: what counts as concluded, what the diploma still wants, and no circles."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.test.utils import CaptureQueriesContext

from members.models import Member, User
from red_genero.common.states import By
from tests import make
from trainings import certifying, programmes
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
