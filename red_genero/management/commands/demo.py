"""Fill an empty portal with the demonstration's people, or say who they are."""

from typing import Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.urls import reverse

from members.models import Member, User
from red_genero.common.states import By
from red_genero.demo import (
    ENTRY_WORD,
    contacts,
    courses,
    crowd,
    liaisons,
    library,
    papers,
    people,
    programmes,
    rights,
    terms,
    tree,
    units,
)
from red_genero.demo.cast import MEMBERS, STAFF, WAITING
from trainings.models import Certificate

PEOPLE: Final = 100


class Command(BaseCommand):
    """Make the demonstration's data once; a second run changes nothing."""

    help = "Llena el portal con personas inventadas. Solo con DEMO=1."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take ``--summary``."""
        parser.add_argument(
            "--summary", action="store_true", help="Solo dice quiénes son y con qué entran."
        )
        parser.add_argument(
            "--people",
            type=int,
            default=PEOPLE,
            help="Cuántas integrantes tiene la Red de la demostración (%(default)s).",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Fill if empty, then print the summary if asked."""
        if not settings.DEMO:
            raise CommandError(
                "La demostración solo se carga con DEMO=1: crea cuentas de contraseña conocida."
            )
        if not options["summary"]:
            self._fill(options["people"])
            return
        self.stdout.write(self._summary())

    def _fill(self, people_wanted: int) -> None:
        """Live the story once; half a story is no story."""
        if User.objects.filter(email=STAFF[0].email).exists():
            self.stdout.write("La demostración ya estaba cargada.")
            return
        with transaction.atomic():
            people.mark_the_calendar()
            people.settle_staff()
            people.settle_members()
            crowd.settle(people_wanted - len(MEMBERS), by=By.admin(people.account_of("validacion")))
            people.settle_applicants()
            liaisons.name_the_signer()
            terms.live_the_former()
            terms.close_the_former()
            liaisons.fill_the_posts()
            liaisons.write_letters()
            units.climb()
            tree.reorganise()
            contacts.write_to_one_another()
            rights.ask_for_a_change()
            rights.ask_for_access()
            library.shelve_a_file()
            library.relate_courses()
            library.send_a_bulletin()
            programmes.compose_a_diplomado()
            courses.name_signatories()
            courses.finish_an_edition()
            papers.load_what_was_before()
            courses.run_an_edition()
            courses.open_editions()
            courses.wait_for_a_jefatura()
        self.stdout.write(f"Demostración: {Member.objects.count()} integrantes y 6 ediciones.")

    def _summary(self) -> str:
        """Who may enter, with what, and one constancia to verify."""
        rows = [(someone.email, f"{someone.role}: {someone.may}") for someone in STAFF]
        rows.append((MEMBERS[0].email, "Integrante con constancia y un lugar en lista de espera"))
        rows.append((MEMBERS[2].email, "Integrante con curso en marcha"))
        rows.append((WAITING[0].email, "Solicitante que espera respuesta"))
        rows.append((WAITING[1].email, "Solicitante con una pregunta por responder"))
        width = max(len(email) for email, _ in rows)
        lines = [f"Contraseña de todas: {ENTRY_WORD}", ""]
        lines += [f"  {email:<{width}}  {may}" for email, may in rows]
        issued = Certificate.objects.valid().order_by("pk").first()
        if issued:
            path = reverse("trainings:verify_code", args=[issued.code])
            lines += ["", f"Constancia por verificar: {settings.PORTAL_URL}{path}"]
        return "\n".join(lines)
