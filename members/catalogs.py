"""The catalogues of this app: areas, comunidades, dependencias, texts, notices, reasons."""

import datetime
import re
from pathlib import Path
from typing import Any, Final

from members.models import (
    Community,
    ContentArea,
    Department,
    DepartmentKind,
    GovernmentTerm,
    Institute,
    MailDomain,
    PageText,
    PrivacyNotice,
    RejectionReason,
)
from red_genero.common.catalogs import YES_NO, Entry, Report, Row, in_order, load, read_csv

DATA: Final = Path(__file__).resolve().parent / "data"
TERM_START: Final = datetime.date(2024, 10, 1)
TERM_END: Final = datetime.date(2027, 9, 30)

_FIRST_COMMENT = re.compile(r"\A\s*<!--\s*(?P<name>\w+):\s*(?P<words>.*?)\s*-->\s*", re.DOTALL)


def load_all(folder: Path = DATA) -> list[Report[Any]]:
    """Load every catalogue of this app, in the order in which they point to each other."""
    kinds = _load_kinds(folder)
    return [
        _load_areas(folder),
        _load_communities(folder),
        kinds,
        departments := _load_departments(folder, kinds.objects),
        _load_domains(folder, departments.objects),
        _load_reasons(folder),
        _load_institute(),
        _load_term(),
        _load_texts(folder / "textos"),
        _load_notices(folder / "avisos"),
    ]


def _load_areas(folder: Path) -> Report[ContentArea]:
    """Load the seven áreas de contenido and the transversal one."""
    rows = read_csv(folder / "areas.csv", ("clave", "nombre", "transversal"))
    return load(
        ContentArea,
        "areas",
        "Áreas de contenido",
        [
            Entry(
                row,
                row["clave"],
                {"key": row["clave"]},
                {
                    "name": row.needed("nombre"),
                    "order": order,
                    "crosscutting": row.choice("transversal", YES_NO),
                },
            )
            for order, row in enumerate(rows, start=1)
        ],
    )


def _load_communities(folder: Path) -> Report[Community]:
    """Load the comunidades by which the city is managed."""
    rows = read_csv(folder / "comunidades.csv", ("numero", "nombre", "fuente"), key="numero")
    return load(
        Community,
        "comunidades",
        "Comunidades",
        [
            Entry(
                row,
                row["numero"],
                {"number": row.whole("numero")},
                {"name": row.needed("nombre"), "source": row["fuente"]},
            )
            for row in rows
        ],
    )


def _load_kinds(folder: Path) -> Report[DepartmentKind]:
    """Load the kinds of dependencia."""
    rows = read_csv(folder / "tipos_dependencia.csv", ("clave", "nombre"))
    return load(
        DepartmentKind,
        "tipos-dependencia",
        "Tipos de dependencia",
        [
            Entry(row, row["clave"], {"key": row["clave"]}, {"name": row.needed("nombre")})
            for row in rows
        ],
    )


def _load_departments(folder: Path, kinds: dict[str, DepartmentKind]) -> Report[Department]:
    """Load the municipal tree, parents first."""
    rows = read_csv(
        folder / "dependencias.csv",
        ("clave", "nombre", "tipo", "padre", "verificacion", "fuente"),
    )
    ordered = in_order(
        rows,
        "padre",
        lambda row: [row["padre"]] if row["padre"] else [],
        what="la dependencia",
    )
    placed: dict[str, Department] = {}
    return load(
        Department,
        "dependencias",
        "Dependencias",
        (_department(row, kinds, placed) for row in ordered),
        objects=placed,
    )


def _department(
    row: Row, kinds: dict[str, DepartmentKind], placed: dict[str, Department]
) -> Entry[Department]:
    """Return what one row of the tree should become."""
    return Entry(
        row,
        row["clave"],
        {"key": row["clave"]},
        {
            "name": row.needed("nombre"),
            "kind": row.choice("tipo", kinds),
            "parent": placed.get(row["padre"]),
            "verification": row.one_of("verificacion", Department.Verification),
            "source": row["fuente"],
        },
    )


def _load_domains(folder: Path, departments: dict[str, Department]) -> Report[MailDomain]:
    """Load the institutional mail domains."""
    rows = read_csv(folder / "dominios.csv", ("dominio", "dependencia"), key="dominio")
    return load(
        MailDomain,
        "dominios",
        "Dominios de correo",
        [
            Entry(
                row,
                row["dominio"],
                {
                    "domain": row["dominio"].lower(),
                    "department": row.choice("dependencia", departments)
                    if row["dependencia"]
                    else None,
                },
            )
            for row in rows
        ],
    )


def _load_reasons(folder: Path) -> Report[RejectionReason]:
    """Load the reasons for which a solicitud may be refused."""
    rows = read_csv(folder / "motivos_rechazo.csv", ("clave", "motivo"))
    return load(
        RejectionReason,
        "motivos-rechazo",
        "Motivos de rechazo",
        [
            Entry(row, row["clave"], {"text": row.needed("motivo")}, {"text": row["motivo"]})
            for row in rows
        ],
    )


def _load_institute() -> Report[Institute]:
    """Make the first row of the Instituto's data; later ones are the staff's."""
    report: Report[Institute] = Report("Datos del Instituto")
    if Institute.objects.exists():
        report.unchanged = 1
        return report
    Institute.objects.create(valid_from=TERM_START)
    report.fresh.append(str(TERM_START))
    return report


def _load_term() -> Report[GovernmentTerm]:
    """Make the current term, unless the staff wrote any: dates and names are theirs from then on."""
    report: Report[GovernmentTerm] = Report("Periodos de gobierno")
    if GovernmentTerm.objects.exists():
        report.unchanged = GovernmentTerm.objects.count()
        return report
    key = f"{TERM_START.year}-{TERM_END.year}"
    name = f"Gobierno municipal {TERM_START.year}–{TERM_END.year}"
    GovernmentTerm.objects.create(key=key, name=name, first_day=TERM_START, last_day=TERM_END)
    report.fresh.append(key)
    return report


def _load_texts(folder: Path) -> Report[PageText]:
    """Load the texts of the portal, one file each."""
    entries: list[Entry[PageText]] = []
    for path in sorted(folder.glob("*.html")):
        row = _page(path, "title")
        fields = {"title": row.needed("title"), "body": row.needed("body")}
        entries.append(Entry(row, path.stem, {"slug": path.stem}, fields))
    return load(PageText, "textos", "Textos del portal", entries)


def _load_notices(folder: Path) -> Report[PrivacyNotice]:
    """Load the avisos de privacidad; a published version is never rewritten."""
    entries: list[Entry[PrivacyNotice]] = []
    for path in sorted(folder.glob("*-*.html")):
        row = _page(path, "nota")
        kind, _, version = path.stem.partition("-")
        if kind not in PrivacyNotice.Kind.values:
            row.refuse("tipo", f"«{kind}» no es un tipo de aviso.")
        body = row.needed("body")
        fields = {
            "body": body,
            "change_note": row["nota"],
            "sha256": PrivacyNotice.fingerprint(body),
        }
        lookup = {"kind": kind, "version": version}
        entries.append(Entry(row, path.stem, lookup, fields, own=frozenset(fields)))
    return load(PrivacyNotice, "avisos", "Avisos de privacidad", entries)


def _page(path: Path, comment: str) -> Row:
    """Return a file of text as a row: its ``body``, and what its first comment says."""
    text = path.read_text(encoding="utf-8")
    found = _FIRST_COMMENT.match(text)
    words = found["words"] if found and found["name"] == comment else ""
    body = text[found.end() :] if found else text
    return Row(path.name, 1, {comment: words, "body": body.strip()})
