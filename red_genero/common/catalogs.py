"""Loading of catalogue files: read strictly, write whole, keep what the staff edited since."""

import csv
import datetime
import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, Generic, NoReturn, TypeVar

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models, transaction

from red_genero.common.models.catalog import CatalogRow

M = TypeVar("M", bound=models.Model)

YES_NO = {"si": True, "no": False}


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a file; ``number`` is the one a spreadsheet shows (the header is row 1)."""

    file: str
    number: int
    values: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        """Return a cell without outer spaces."""
        return self.values[column]

    def refuse(self, column: str, why: str) -> NoReturn:
        """Raise ValidationError (code ``catalog``) that says file, row, column and why."""
        raise ValidationError(
            f"{self.file}, fila {self.number}, columna «{column}»: {why}", code="catalog"
        )

    def needed(self, column: str) -> str:
        """Return a cell that may not be empty."""
        return self[column] or self.refuse(column, "no puede estar vacía.")

    def choice(self, column: str, options: Mapping[str, Any]) -> Any:
        """Return what the cell's word stands for."""
        if self[column] not in options:
            known = ", ".join(f"«{option}»" for option in options)
            self.refuse(column, f"«{self[column]}» no es una opción. Use {known}.")
        return options[self[column]]

    def one_of(self, column: str, choices: type[models.TextChoices]) -> str:
        """Return a stored value of ``choices``."""
        return str(self.choice(column, {value: value for value in choices.values}))

    def whole(self, column: str) -> int:
        """Return a whole number."""
        if not (self[column].isascii() and self[column].isdigit()):
            self.refuse(column, f"«{self[column]}» no es un número entero.")
        return int(self[column])

    def date(self, column: str) -> datetime.date | None:
        """Return a date written AAAA-MM-DD, or None when the cell is empty."""
        if not self[column]:
            return None
        try:
            return datetime.date.fromisoformat(self[column])
        except ValueError:
            return self.refuse(column, f"«{self[column]}» no es una fecha AAAA-MM-DD.")


@dataclass(frozen=True, slots=True)
class Entry(Generic[M]):
    """What one row should become: how to find it, its columns, and its many-to-many lists.

    ``own`` names columns that are the staff's once the row exists, whether edited or not.
    """

    row: Row
    key: str
    lookup: Mapping[str, Any]
    fields: Mapping[str, Any] = field(default_factory=dict)
    many: Mapping[str, list[Any]] = field(default_factory=dict)
    own: frozenset[str] = frozenset()


@dataclass(slots=True)
class Report(Generic[M]):
    """What loading one catalogue did."""

    name: str
    updated: int = 0
    unchanged: int = 0
    kept: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    objects: dict[str, M] = field(default_factory=dict)
    fresh: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.name}: {len(self.fresh)} creadas, {self.updated} actualizadas, "
            f"{self.unchanged} sin cambio, {len(self.kept)} conservadas"
        )

    def details(self) -> list[str]:
        """Return one sentence for each thing that the staff may want to look at."""
        return [
            *(f"conservada por edición del Instituto: {what}" for what in self.kept),
            *(f"ya no está en el archivo, se conserva: {key}" for key in self.gone),
        ]


def read_csv(path: Path, columns: tuple[str, ...], *, key: str = "clave") -> list[Row]:
    """Return the rows of a UTF-8 file that has ``columns`` and no repeated ``key``.

    Raises ValidationError (code ``catalog``) with file, row and column.
    """
    rows: list[Row] = []
    reader = csv.reader(io.StringIO(_text(path), newline=""), strict=True)
    try:
        header = [name.strip() for name in next(reader, [])]
        _check_header(path.name, header, columns)
        for number, cells in enumerate(reader, start=2):
            if not any(cell.strip() for cell in cells):
                continue
            rows.append(_row(path.name, number, header, cells))
    except csv.Error as error:
        raise ValidationError(
            f"{path.name}, línea {reader.line_num}: comillas o separadores mal puestos.",
            code="catalog",
        ) from error
    _check_keys(rows, key)
    return rows


def _text(path: Path) -> str:
    """Return the whole file, which must be UTF-8 (with or without mark)."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise ValidationError(
            f"{path.name}: no se pudo leer el archivo.", code="catalog"
        ) from error
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise ValidationError(
            f"{path.name}, fila {line}: el archivo no está en UTF-8. Guárdelo como «CSV UTF-8».",
            code="catalog",
        ) from error


def _check_header(file: str, header: list[str], columns: tuple[str, ...]) -> None:
    """Refuse a header that lacks a column or repeats one."""
    missing = [column for column in columns if column not in header]
    repeated = sorted({column for column in header if header.count(column) > 1})
    if missing:
        names = ", ".join(f"«{column}»" for column in missing)
        raise ValidationError(f"{file}, fila 1: falta la columna {names}.", code="catalog")
    if repeated:
        names = ", ".join(f"«{column}»" for column in repeated)
        raise ValidationError(f"{file}, fila 1: se repite la columna {names}.", code="catalog")


def _row(file: str, number: int, header: list[str], cells: list[str]) -> Row:
    """Return one row, with as many cells as the header has columns."""
    if len(cells) != len(header):
        raise ValidationError(
            f"{file}, fila {number}: tiene {len(cells)} celdas y el encabezado {len(header)}.",
            code="catalog",
        )
    return Row(file, number, {name: cell.strip() for name, cell in zip(header, cells, strict=True)})


def _check_keys(rows: list[Row], key: str) -> None:
    """Refuse an empty or repeated key."""
    seen: dict[str, int] = {}
    for row in rows:
        value = row.needed(key)
        if value in seen:
            row.refuse(key, f"«{value}» ya está en la fila {seen[value]}.")
        seen[value] = row.number


def in_order(
    rows: list[Row], column: str, needs: Callable[[Row], list[str]], *, what: str
) -> list[Row]:
    """Return the rows so that what each one ``needs`` (keys, from ``column``) comes before it.

    Refuses a key that is not in the file, and a circle; ``what`` names the things: «la dependencia».
    """
    known = {_key(row) for row in rows}
    for row in rows:
        for key in needs(row):
            if key not in known:
                row.refuse(column, f"no existe {what} «{key}».")
    ordered: list[Row] = []
    placed: set[str] = set()
    pending = rows
    while pending:
        ready = [row for row in pending if placed.issuperset(needs(row))]
        if not ready:
            pending[0].refuse(column, "las filas se piden unas a otras en círculo.")
        ordered += ready
        placed |= {_key(row) for row in ready}
        pending = [row for row in pending if _key(row) not in placed]
    return ordered


def _key(row: Row) -> str:
    """Return the key of a row as it is stored."""
    return row["clave"].lower()


@transaction.atomic
def load(
    model: type[M],
    catalog: str,
    name: str,
    entries: Iterable[Entry[M]],
    *,
    objects: dict[str, M] | None = None,
) -> Report[M]:
    """Create what is new, update what nobody edited since, keep and report the rest.

    A column is the staff's own when its value differs from what the last load wrote. A row that the
    staff deleted is not made again; a row that left the file stays. ``report.objects`` holds every
    object by key (it is ``objects`` itself when given, so that later entries may point to earlier
    ones); ``report.fresh`` the keys created now.
    """
    report: Report[M] = Report(name, objects={} if objects is None else objects)
    records = {row.key: row for row in CatalogRow.objects.filter(catalog=catalog)}
    manager: models.Manager[M] = model._meta.default_manager  # type: ignore[assignment]
    known = manager.in_bulk([row.object_id for row in records.values()])
    seen = set()
    for entry in entries:
        seen.add(entry.key)
        record = records.get(entry.key) or CatalogRow(catalog=catalog, key=entry.key)
        if record.pk and record.object_id not in known:
            report.kept.append(f"{entry.key} (se borró y no se crea de nuevo)")
            continue
        found = known[record.object_id] if record.pk else manager.filter(**entry.lookup).first()
        if found is None:
            report.objects[entry.key] = _create(model, entry, record)
            report.fresh.append(entry.key)
        else:
            report.objects[entry.key] = found
            _update(found, entry, record, report)
    report.gone = sorted(records.keys() - seen)
    return report


def _create(model: type[M], entry: Entry[M], record: CatalogRow) -> M:
    """Insert the row, checked as a form would, and remember what was written."""
    made = model(**{**entry.lookup, **entry.fields})
    _save(made, entry)
    for name, value in entry.many.items():
        getattr(made, name).set(value)
    record.object_id = made.pk
    record.loaded = _written(entry)
    record.save()
    return made


def _update(found: M, entry: Entry[M], record: CatalogRow, report: Report[M]) -> None:
    """Write the columns that changed in the file and nobody edited; remember what was written."""
    changed, kept = _differences(found, entry, record.loaded)
    for name in changed:
        if name in entry.many:
            getattr(found, name).set(entry.many[name])
        else:
            setattr(found, name, entry.fields[name])
    if any(name in entry.fields for name in changed):
        _save(found, entry)
    loaded = {
        name: record.loaded.get(name, value) if name in kept else value
        for name, value in _written(entry).items()
    }
    if record.pk is None or loaded != record.loaded:
        record.object_id, record.loaded = found.pk, loaded
        record.save()
    if kept:
        words = ", ".join(str(_field(found, name).verbose_name) for name in kept)
        report.kept.append(f"{entry.key} ({words})")
    elif changed:
        report.updated += 1
    else:
        report.unchanged += 1


def _differences(
    found: models.Model, entry: Entry[Any], before: Mapping[str, Any]
) -> tuple[list[str], list[str]]:
    """Return the columns to write and those that the staff edited since the last load."""
    changed: list[str] = []
    kept: list[str] = []
    for name, value in {**entry.fields, **entry.many}.items():
        new, current = _plain(value), _current(found, name, many=name in entry.many)
        if current == new:
            continue
        last = before[name] if name in before else _default(found, name, many=name in entry.many)
        (changed if current == last and name not in entry.own else kept).append(name)
    return changed, kept


def _current(found: models.Model, name: str, *, many: bool) -> Any:
    """Return what the row holds now, as plain value."""
    if many:
        return sorted(getattr(found, name).values_list("pk", flat=True))
    return _plain(_field(found, name).value_from_object(found))


def _default(found: models.Model, name: str, *, many: bool) -> Any:
    """Return what a row holds when nobody wrote the column."""
    return [] if many else _plain(_field(found, name).get_default())


def _save(obj: models.Model, entry: Entry[Any]) -> None:
    """Save a checked row; what the model refuses is said with file and row."""
    try:
        obj.full_clean()
    except ValidationError as error:
        name, messages = next(iter(error.message_dict.items()))
        what = entry.key if name == NON_FIELD_ERRORS else str(_field(obj, name).verbose_name)
        raise ValidationError(
            f"{entry.row.file}, fila {entry.row.number}, «{what}»: {messages[0]}",
            code="catalog",
        ) from error
    setattr(obj, "_change_reason", "Carga de catálogos")  # noqa: B010
    obj.save()


def _written(entry: Entry[Any]) -> dict[str, Any]:
    """Return what the file says of one row, as plain data."""
    return {name: _plain(value) for name, value in {**entry.fields, **entry.many}.items()}


def _field(obj: models.Model, name: str) -> models.Field[Any, Any]:
    """Return a column or many-to-many list of the row's model."""
    found = obj._meta.get_field(name)
    assert isinstance(found, models.Field)  # noqa: S101
    return found


def _plain(value: Any) -> Any:
    """Return a value as JSON stores it, equal for equal rows on both databases."""
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, bool | int) or value is None:
        return value
    if isinstance(value, str):
        return str(value)
    return sorted(item.pk for item in value)
