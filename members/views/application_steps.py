"""The pages of the draft of a solicitud, in their order: what each one asks, and which comes next."""

from dataclasses import dataclass
from typing import Any, Final, Literal

from django.http import Http404
from django.urls import reverse

from members import admitting
from members.forms import (
    DepartmentForm,
    DraftModelForm,
    PersonForm,
    PositionForm,
    StatisticsForm,
    WorkForm,
)
from members.models import Application


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One page of the draft; ``of`` says whose columns it writes."""

    slug: str
    name: str
    form: type[DraftModelForm[Any]]
    of: Literal["person", "application"]
    lead: str
    template: str = "members/application_edit.html"


STEPS: Final = (
    Step(
        slug="quien-es",
        name="Quién es",
        form=PersonForm,
        of="person",
        lead="Escriba sus datos como desea que aparezcan.",
    ),
    Step(
        slug="dependencia",
        name="Dependencia",
        form=DepartmentForm,
        of="application",
        lead="Es un dato obligatorio. Busque dónde trabaja: basta una parte del nombre o las siglas.",
        template="members/application_department.html",
    ),
    Step(
        slug="puesto",
        name="Puesto",
        form=PositionForm,
        of="application",
        lead="Su lugar en la dependencia. El nivel y el nombramiento solo los ve el Instituto.",
    ),
    Step(
        slug="que-hace",
        name="Qué hace",
        form=WorkForm,
        of="application",
        lead="La Red reúne a quienes diseñan o llevan a cabo políticas, programas y acciones.",
    ),
    Step(
        slug="estadistica",
        name="Estadística",
        form=StatisticsForm,
        of="person",
        lead="Todo es opcional. Solo se usa en totales, nunca junto a su nombre.",
    ),
)
BY_SLUG: Final = {step.slug: step for step in STEPS}
REVIEW: Final = "revision"


def step_at(slug: str) -> Step:
    """Return the page with this address."""
    if slug not in BY_SLUG:
        raise Http404
    return BY_SLUG[slug]


def where_she_is(current: str, draft: Application) -> list[dict[str, Any]]:
    """Return where she is, for the list of steps."""
    lacking = {item.step for item in admitting.missing(draft)}
    slugs = [*BY_SLUG, REVIEW]
    names = [*(step.name for step in STEPS), "Revisar y enviar"]
    at_now = slugs.index(current)
    return [
        {"name": name, "current": slug == current, "done": at < at_now and slug not in lacking}
        for at, (slug, name) in enumerate(zip(slugs, names, strict=True))
    ]


def pages_of(draft: Application) -> list[dict[str, Any]]:
    """Return the pages of a draft with what each one lacks; nothing of what was sent already."""
    if draft.state != Application.State.DRAFT:
        return []
    lacking = admitting.missing(draft)
    return [
        {
            "name": step.name,
            "url": reverse("members:application_edit", args=[step.slug]),
            "lacking": [item.label for item in lacking if item.step == step.slug],
        }
        for step in STEPS
    ]


def after(page: Step) -> tuple[str, ...]:
    """Return the address of the next page."""
    at = STEPS.index(page) + 1
    if at == len(STEPS):
        return ("members:application_review",)
    return ("members:application_edit", STEPS[at].slug)


def before(page: Step) -> str:
    """Return the address of the page before, or of the status."""
    at = STEPS.index(page)
    if at == 0:
        return reverse("members:application")
    return reverse("members:application_edit", args=[STEPS[at - 1].slug])


def next_step(draft: Application) -> str:
    """Return where a draft continues: the first page that lacks something, else the review."""
    lacking = admitting.missing(draft)
    if lacking:
        return reverse("members:application_edit", args=[lacking[0].step])
    return reverse("members:application_review")
