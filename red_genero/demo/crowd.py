"""The rest of the padrón: people of every corner of the Ayuntamiento, brought in by a file. All of them are invented."""

import datetime
import random
from collections.abc import Iterator
from typing import Final

from django.utils import timezone

from members import importing, privacy
from members.models import Department, Invitation, Level, Person
from red_genero.common.exports import csv_text
from red_genero.common.states import By
from red_genero.common.text import fold
from red_genero.demo import DOMAIN, past
from red_genero.demo.cast import WAITING, WITH_UNIT

SEED: Final = 8
GIVEN: Final = (
    "Adriana", "Ana Laura", "Araceli", "Berenice", "Blanca", "Brenda", "Citlali", "Claudia", "Daniela", "Edith",
    "Esther", "Gabriela", "Graciela", "Itzel", "Jimena", "Julieta", "Laura Elena", "Lucero", "Luz María", "Maribel",
    "Marisol", "Martha", "Mónica", "Nayeli", "Norma Angélica", "Olivia", "Patricia", "Rocío", "Sandra", "Sofía",
    "Susana", "Tania", "Teresa de Jesús", "Verónica", "Ximena", "Yolanda",
)  # fmt: skip
SURNAMES: Final = (
    "Aceves", "Alcaraz", "Anaya", "Arámbula", "Barajas", "Bañuelos", "Camarena", "Castellanos", "Cortés", "de la Cruz",
    "Enríquez", "Esparza", "Fregoso", "Gallo", "Güitrón", "Hermosillo", "Íñiguez", "Jiménez", "Landeros", "Lomelí",
    "Macías", "Montaño", "Navarro", "Nuño", "Ocampo", "Orendain", "Partida", "Plascencia", "Quezada", "Robles",
    "Rubalcaba", "Saldaña", "Tapia", "Urzúa", "Valdivia", "Velázquez", "Yáñez", "Zambrano",
)  # fmt: skip
POSTS: Final = (
    ("Jefa de departamento", Level.HEAD),
    ("Jefa de unidad", Level.HEAD),
    ("Jefa de proyecto", Level.HEAD),
    ("Coordinadora de área", Level.COORDINATION),
    ("Subdirectora", Level.COORDINATION),
    ("Directora de área", Level.DIRECTION),
    ("Directora", Level.DIRECTION),
)
AREAS: Final = (
    "Planeación",
    "Vinculación",
    "Administración",
    "Atención ciudadana",
    "Proyectos",
    "Evaluación",
    "Jurídico",
)
FIRST_DAY: Final = 330
LAST_DAY: Final = 20
"""They belong to the Red since some day between so many days ago and so many."""
COMPANIONS: Final = 2
"""People who work beside the enlace where there is a Unidad de Género."""
SHOWN: Final = 0.7
"""Part of them that entered, read the aviso and let themselves be found."""


def settle(count: int, *, by: By) -> None:
    """Import ``count`` people and let most of them enter and answer for themselves."""
    if count <= 0:
        return
    content = csv_text([*importing.NEEDED, *MORE], _rows(count)).encode()
    read = importing.read("padron-2025-2026.csv", content, by=by)
    importing.apply(read, matches="crear", write=False, by=by)
    dice = random.Random(SEED)  # noqa: S311
    invited = Invitation.objects.filter(kind=Invitation.Kind.ENTER).order_by("pk")
    people = [each.person for each in invited.select_related("person__user") if each.person]
    for person in people:
        if dice.random() < SHOWN:
            _enter(person)
    past.since_then(people)


MORE: Final = (
    "segundo_apellido",
    "area",
    "telefono_oficina",
    "extension",
    "numero_empleada",
    "integrante_desde",
)


def _rows(count: int) -> Iterator[list[str]]:
    """Yield that many people, each in a dependencia of the catalogue; always the same ones.

    The last one is she whose solicitud waits: she did not know that a file had brought her in with another address.
    """
    dice = random.Random(SEED)  # noqa: S311
    everywhere = Department.objects.current().order_by("key").values_list("key", flat=True)
    places = [*(key for key in WITH_UNIT for _ in range(COMPANIONS)), *everywhere]
    pairs = [(given, surname) for given in GIVEN for surname in SURNAMES]
    today = timezone.localdate()
    people = [(*pair, "") for pair in dice.sample(pairs, count)]
    twice = WAITING[0]
    people[-1] = (twice.given_names, twice.first_surname, twice.second_surname)
    for number, (given, surname, second) in enumerate(people):
        position, level = dice.choice(POSTS)
        mailbox = f"{fold(given).split()[0]}.{fold(surname).replace(' ', '')}{number + 1}"
        since = today - datetime.timedelta(days=dice.randint(LAST_DAY, FIRST_DAY))
        yield [
            given,
            surname,
            f"{mailbox}@{DOMAIN}",
            places[number % len(places)],
            position,
            level,
            second or dice.choice(SURNAMES),
            dice.choice(AREAS),
            f"331234{2000 + number}",
            f"{100 + number}",
            f"{40000 + number * 7:06d}",
            since.isoformat(),
        ]


def _enter(person: Person) -> None:
    """Let her read the aviso and choose who finds her, as on her first day."""
    if person.user is None:
        return
    her = By.web(person.user)
    privacy.acknowledge(person, privacy.unread(person), wanted={"directorio": True}, by=her)
    privacy.show(
        person,
        email=Person.Visibility.MEMBERS,
        phone=Person.Visibility.MEMBERS,
        in_directory=True,
        by=her,
    )
