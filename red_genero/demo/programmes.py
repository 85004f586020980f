"""A diplomado with its modules, some of them taught in the demonstration."""

from typing import Final

from trainings.models import Course, Module

PROGRAMME: Final = "pp-03"
REQUIRED: Final = ("tr-01", "dh-01", "is-03", "pp-01", "pp-02", "in-02")
OPTIONAL: Final = ("pg-02",)


def compose_a_diplomado() -> None:
    """Say of which formaciones the diplomado is made, as Formación would in its page."""
    programme = Course.objects.get(key=PROGRAMME)
    for order, key in enumerate((*REQUIRED, *OPTIONAL), start=1):
        module = Module(
            programme=programme,
            course=Course.objects.get(key=key),
            order=order,
            required=key in REQUIRED,
        )
        module.full_clean()
        module.save()
