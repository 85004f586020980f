"""The modules of a diplomado: which ones each person has concluded, and which the diploma still wants."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.db.models import Exists, OuterRef

from members.models import Person
from trainings.models import Certificate, Course, Enrollment, Module


class Progress(StrEnum):
    """How far somebody is with one module; the value names its badge."""

    MET = "concluida"
    UNDER_WAY = "en_curso"
    TO_DO = "pendiente"


WORDS: Final = {
    Progress.MET: "Concluido",
    Progress.UNDER_WAY: "En marcha",
    Progress.TO_DO: "Pendiente",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One module for one person; ``module.course`` is at hand."""

    module: Module
    progress: Progress

    @property
    def met(self) -> bool:
        """Whether she concluded it."""
        return self.progress == Progress.MET

    @property
    def words(self) -> str:
        """The progress, as the pages say it."""
        return WORDS[self.progress]


@dataclass(frozen=True, slots=True)
class ModuleProgress:
    """All the modules of a diplomado for one person, in order."""

    steps: tuple[Step, ...]

    @property
    def required(self) -> list[Step]:
        """Those that the diploma wants."""
        return [step for step in self.steps if step.module.required]

    @property
    def missing(self) -> list[Module]:
        """Required modules that she has not concluded."""
        return [step.module for step in self.required if not step.met]

    @property
    def met(self) -> int:
        """How many required modules she has concluded."""
        return len(self.required) - len(self.missing)

    @property
    def complete(self) -> bool:
        """Whether no required module is missing; true of a formación without modules."""
        return not self.missing

    @property
    def begun(self) -> bool:
        """Whether she concluded, or has a place in, any of them."""
        return any(step.progress != Progress.TO_DO for step in self.steps)


def module_progress(course: Course, person: Person | None) -> ModuleProgress:
    """Return which modules of ``course`` are met by ``person`` (None: somebody unknown); at most three queries."""
    who = person.pk if person else 0
    return progress_of(course, [who])[who]


def progress_of(course: Course, people: Collection[int]) -> dict[int, ModuleProgress]:
    """Return the same for several people (ids); the queries do not grow with them."""
    modules = list(course.modules.select_related("course"))
    taught = [module.course_id for module in modules]
    done = passed_courses(taught, people) if modules else {}
    going = _under_way(taught, people) if modules else {}
    return {
        person: ModuleProgress(_steps(modules, done.get(person, set()), going.get(person, set())))
        for person in people
    }


def under_way_of(person: Person) -> list[tuple[Course, ModuleProgress]]:
    """Return the diplomados in which she has a place, or a module concluded, with her progress; four queries."""
    by_programme: defaultdict[Course, list[Module]] = defaultdict(list)
    published = Module.objects.filter(programme__published=True)
    for module in published.select_related("programme", "course").order_by("order", "pk"):
        by_programme[module.programme].append(module)
    if not by_programme:
        return []
    taught = {module.course_id for modules in by_programme.values() for module in modules}
    done = passed_courses(taught, [person.pk])[person.pk]
    going = _under_way(taught, [person.pk])[person.pk]
    hers = set(
        Enrollment.objects.standing()
        .filter(person=person, edition__course__in=by_programme)
        .values_list("edition__course", flat=True)
    )
    found = [
        (programme, ModuleProgress(_steps(modules, done, going)))
        for programme, modules in by_programme.items()
    ]
    return sorted(
        (
            (programme, progress)
            for programme, progress in found
            if programme.pk in hers or any(step.met for step in progress.steps)
        ),
        key=lambda pair: pair[0].title,
    )


def _steps(modules: Iterable[Module], done: set[int], going: set[int]) -> tuple[Step, ...]:
    return tuple(Step(module, _progress(module, done, going)) for module in modules)


def passed_courses(courses: Iterable[int], people: Collection[int]) -> defaultdict[int, set[int]]:
    """Return which of ``courses`` each person has passed, by id; one query.

    Passed is concluded, or certified to her as a participant. What was concluded does not count once its
    constancia was revoked for not meeting the requirements.
    """
    wanted = list(courses)
    unearned = Certificate.objects.filter(
        enrollment=OuterRef("pk"),
        state=Certificate.State.REVOKED,
        revocation=Certificate.Revocation.UNEARNED,
    )
    concluded = (
        Enrollment.objects.filter(
            ~Exists(unearned),
            state=Enrollment.State.COMPLETED,
            person__in=people,
            edition__course__in=wanted,
        )
        .order_by()
        .values_list("person", "edition__course")
    )
    certified = (
        Certificate.objects.valid()
        .filter(person__in=people, edition__course__in=wanted)
        .exclude(kind=Certificate.Kind.RECOGNITION)
        .order_by()
        .values_list("person", "edition__course")
    )
    passed: defaultdict[int, set[int]] = defaultdict(set)
    for person, course in concluded.union(certified):
        passed[person].add(course)
    return passed


def _under_way(courses: Iterable[int], people: Collection[int]) -> defaultdict[int, set[int]]:
    """Return in which of ``courses`` each person has a seat, a request or a place in the queue; one query."""
    found: defaultdict[int, set[int]] = defaultdict(set)
    rows = Enrollment.objects.open().filter(person__in=people, edition__course__in=courses)
    for person, course in rows.order_by().values_list("person", "edition__course").distinct():
        found[person].add(course)
    return found


def _progress(module: Module, done: set[int], going: set[int]) -> Progress:
    if module.course_id in done:
        return Progress.MET
    return Progress.UNDER_WAY if module.course_id in going else Progress.TO_DO
