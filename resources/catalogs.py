"""The catalogues of this app: topics, tipos y modalidades de violencia, entries, help lines."""

import datetime
from pathlib import Path
from typing import Any, Final

from red_genero.common.catalogs import YES_NO, Entry, Report, Row, in_order, load, read_csv
from red_genero.common.states import By
from resources.beginnings import load_collections, load_facts, load_introductions
from resources.models import HelpLine, Resource, Topic, Violence
from resources.publishing import publish

DATA: Final = Path(__file__).resolve().parent / "data"

RESOURCE_COLUMNS: Final = (
    "clave",
    "tema",
    "tipo",
    "subtipo",
    "titulo",
    "siglas",
    "emisor",
    "ambito",
    "fecha_publicacion",
    "ultima_reforma",
    "url",
    "url_localizada",
    "resumen",
    "publicable",
    "verificacion",
    "nota_verificacion",
    "obliga",
    "obliga_fundamento",
    "vigencia",
    "sustituye",
    "violencias",
)
LINE_COLUMNS: Final = (
    "clave",
    "nombre",
    "numero",
    "canal",
    "horario",
    "cobertura",
    "servicio",
    "fuente",
    "publicar",
    "nota",
    "verificacion",
    "emergencia",
    "verificada_el",
)
PRECISIONS: Final = {
    10: ("", Resource.Precision.DAY),
    7: ("-01", Resource.Precision.MONTH),
    4: ("-01-01", Resource.Precision.YEAR),
}
PUBLISHABLE: Final = {"si": True, "no": False, "por_confirmar": False}
CONFIRMED: Final = frozenset({"number", "channel", "verified_on"})
SHOWABLE: Final = {"si": True, "no": False, "confirmar": False}


def load_all(folder: Path = DATA) -> list[Report[Any]]:
    """Load every catalogue of this app, in the order in which they point to each other."""
    topics = _load_topics(folder)
    violences = _load_violences(folder)
    resources = _load_resources(folder, topics.objects, violences.objects)
    return [
        topics,
        violences,
        resources,
        _load_lines(folder),
        load_introductions(folder / "introducciones", topics.objects),
        load_facts(folder / "introducciones", topics.objects),
        load_collections(folder, resources.objects),
    ]


def _load_topics(folder: Path) -> Report[Topic]:
    """Load the doors of the library."""
    rows = read_csv(folder / "temas.csv", ("clave", "nombre", "trata_de_violencia", "resumen"))
    return load(
        Topic,
        "temas",
        "Temas de la biblioteca",
        [
            Entry(
                row,
                row["clave"],
                {"key": row["clave"]},
                {
                    "name": row.needed("nombre"),
                    "summary": row["resumen"],
                    "sensitive": row.choice("trata_de_violencia", YES_NO),
                    "order": order,
                },
            )
            for order, row in enumerate(rows, start=1)
        ],
    )


def _load_violences(folder: Path) -> Report[Violence]:
    """Load the taxonomy used as tags."""
    rows = read_csv(
        folder / "violencias.csv",
        ("clase", "clave", "nombre", "fundamento", "descripcion", "verificacion", "fuente"),
    )
    return load(
        Violence,
        "violencias",
        "Tipos y modalidades de violencia",
        [
            Entry(
                row,
                row["clave"],
                {"key": row["clave"]},
                {
                    "kind": row.needed("clase"),
                    "name": row.needed("nombre"),
                    "basis": row["fundamento"],
                    "description": row["descripcion"],
                    "verification": row["verificacion"],
                    "source": row["fuente"],
                },
            )
            for row in rows
        ],
    )


def _load_resources(
    folder: Path, topics: dict[str, Topic], violences: dict[str, Violence]
) -> Report[Resource]:
    """Load the entries as drafts, each after what it replaces, then publish what may be read."""
    rows = in_order(
        read_csv(folder / "recursos.csv", RESOURCE_COLUMNS),
        "sustituye",
        lambda row: [row["sustituye"]] if row["sustituye"] else [],
        what="el recurso",
    )
    placed: dict[str, Resource] = {}
    report: Report[Resource] = load(
        Resource,
        "recursos",
        "Recursos",
        (_resource(row, topics, placed, violences) for row in rows),
        objects=placed,
    )
    by_key = {row["clave"]: row for row in rows}
    for key in report.fresh:
        if by_key[key].choice("publicable", PUBLISHABLE):
            publish(placed[key], by=By.job("Carga de catálogos"))
    return report


def _resource(
    row: Row,
    topics: dict[str, Topic],
    placed: dict[str, Resource],
    violences: dict[str, Violence],
) -> Entry[Resource]:
    """Return what one row should become; its state is never written here."""
    verification = row.one_of("verificacion", Resource.Verification)
    if row.choice("publicable", PUBLISHABLE) and verification == Resource.Verification.PENDING:
        row.refuse("publicable", "dice «si» y la verificación está «por confirmar».")
    published_on, precision = _published_on(row)
    return Entry(
        row,
        row["clave"],
        {"key": row["clave"]},
        {
            "topic": row.choice("tema", topics),
            "kind": row.one_of("tipo", Resource.Kind),
            "subkind": row["subtipo"],
            "title": row.needed("titulo"),
            "acronym": row["siglas"],
            "issuer": row.needed("emisor"),
            "scope": row.one_of("ambito", Resource.Scope),
            "binds": row.one_of("obliga", Resource.Binds),
            "binds_basis": row["obliga_fundamento"],
            "force": row.one_of("vigencia", Resource.Force),
            "published_on": published_on,
            "published_precision": precision,
            "reformed_on": row.date("ultima_reforma"),
            "replaces": placed.get(row["sustituye"]),
            "summary": row["resumen"],
            "url": row["url"],
            "found_url": row["url_localizada"],
            "verification": verification,
            "verification_note": row["nota_verificacion"],
        },
        {"violences": tags(row, violences)},
    )


def tags(row: Row, known: dict[str, Violence]) -> list[Violence]:
    """Return the tipos and modalidades of a row, separated by spaces; those that do not exist are refused."""
    asked = row["violencias"].split()
    unknown = [key for key in asked if key not in known]
    if unknown:
        row.refuse("violencias", f"«{unknown[0]}» no está en violencias.csv.")
    return [known[key] for key in asked]


def _published_on(row: Row) -> tuple[datetime.date | None, str]:
    """Return the first day that the date may mean, and how much of it is known."""
    written = row["fecha_publicacion"]
    rest, precision = PRECISIONS.get(len(written), ("", Resource.Precision.DAY))
    if not written:
        return None, precision
    try:
        return datetime.date.fromisoformat(written + rest), precision
    except ValueError:
        row.refuse("fecha_publicacion", f"«{written}» no es AAAA, AAAA-MM ni AAAA-MM-DD.")


def _load_lines(folder: Path) -> Report[HelpLine]:
    """Load the help lines; only those marked «si» are meant for the public.

    The number and channel that somebody of the staff verified are hers: a file does not change them.
    """
    rows = read_csv(folder / "lineas_ayuda.csv", LINE_COLUMNS)
    verified = set(HelpLine.objects.filter(verified_by__isnull=False).values_list("key", flat=True))
    return load(
        HelpLine,
        "lineas-ayuda",
        "Líneas de ayuda",
        [
            Entry(
                row,
                row["clave"],
                {"key": row["clave"]},
                {
                    "name": row.needed("nombre"),
                    "number": row["numero"],
                    "channel": row.needed("canal"),
                    "hours": row["horario"],
                    "coverage": row["cobertura"],
                    "service": row["servicio"],
                    "note": row["nota"],
                    "source": row["fuente"],
                    "order": order * 10,
                    "emergency": row.choice("emergencia", YES_NO),
                    "published": row.choice("publicar", SHOWABLE),
                    "verified_on": row.date("verificada_el"),
                },
                own=CONFIRMED if row["clave"] in verified else frozenset(),
            )
            for order, row in enumerate(rows, start=1)
        ],
    )
