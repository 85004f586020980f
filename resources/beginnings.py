"""What the library begins with besides its entries: the first edition of each introduction, and the first collections."""

from pathlib import Path
from typing import Any, Final

from django.core.exceptions import ValidationError

from red_genero.common.catalogs import Entry, Report, load, read_csv
from red_genero.common.states import By
from resources import introducing
from resources.models import Collection, CollectionItem, Introduction, Resource, Topic, TopicFact

BY: Final = By.job("Carga de catálogos")
CONFIRMED: Final = frozenset({"source", "verification"})
SHOWABLE: Final = {"si": True, "no": False}


def load_introductions(folder: Path, topics: dict[str, Topic]) -> Report[Introduction]:
    """Publish the first edition of each topic that has none; what staff wrote is never touched."""
    report: Report[Introduction] = Report("Introducciones de los temas")
    begun = set(Introduction.objects.values_list("topic__key", flat=True))
    for key, topic in topics.items():
        path = folder / f"{key}.md"
        if key in begun:
            report.unchanged += 1
        elif path.exists():
            report.objects[key] = _first_edition(topic, path)
            report.fresh.append(key)
    return report


def load_collections(folder: Path, resources: dict[str, Resource]) -> Report[Collection]:
    """Load the collections; their entries are written once, and are the staff's from then on."""
    rows = read_csv(
        folder / "colecciones.csv", ("clave", "nombre", "resumen", "publicar", "recursos")
    )
    entries: list[Entry[Collection]] = [
        Entry(
            row,
            row["clave"],
            {"key": row["clave"]},
            {
                "name": row.needed("nombre"),
                "summary": row["resumen"],
                "published": row.choice("publicar", SHOWABLE),
                "order": order,
            },
        )
        for order, row in enumerate(rows, start=1)
    ]
    report: Report[Any] = load(Collection, "colecciones", "Colecciones", entries)
    for row in rows:
        if row["clave"] in report.fresh:
            keys = row["recursos"].split()
            unknown = [key for key in keys if key not in resources]
            if unknown:
                row.refuse("recursos", f"«{unknown[0]}» no está en recursos.csv.")
            CollectionItem.objects.bulk_create(
                CollectionItem(
                    collection=report.objects[row["clave"]],
                    resource=resources[key],
                    position=position,
                )
                for position, key in enumerate(keys, start=1)
            )
    return report


def load_facts(folder: Path, topics: dict[str, Topic]) -> Report[TopicFact]:
    """Load what the introductions say beyond the entries, and what waits for a source; what staff confirmed is hers."""
    rows = read_csv(
        folder / "hechos.csv", ("clave", "tema", "afirmacion", "dice", "verificacion", "fuente")
    )
    confirmed = set(TopicFact.objects.exclude(confirmed_on=None).values_list("key", flat=True))
    entries: list[Entry[TopicFact]] = [
        Entry(
            row,
            row["clave"],
            {"key": row["clave"]},
            {
                "topic": row.choice("tema", topics),
                "statement": row.needed("afirmacion"),
                "source": row["fuente"],
                "verification": row.one_of("verificacion", TopicFact.Verification),
            },
            own=CONFIRMED if row["clave"] in confirmed else frozenset(),
        )
        for row in rows
    ]
    return load(TopicFact, "hechos", "Hechos de los temas", entries)


def _first_edition(topic: Topic, path: Path) -> Introduction:
    """Write and publish one edition by the verbs that staff uses."""
    draft = introducing.open_draft(topic, by=BY)
    try:
        introducing.write(draft, body=path.read_text(encoding="utf-8"), by=BY)
        return introducing.publish(draft, by=BY)
    except ValidationError as error:
        raise ValidationError(f"{path.name}: {error.messages[0]}", code="catalog") from error
