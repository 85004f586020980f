"""The catalogues load whole, twice alike, and never over what the staff edited."""

import io
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db.models import Count
from pytest_django import DjangoDbBlocker

import members.catalogs
import resources.catalogs
import trainings.catalogs
from members.models import (
    Community,
    ContentArea,
    Department,
    Institute,
    MailDomain,
    PrivacyNotice,
    RejectionReason,
    User,
)
from red_genero.common.models import Transition
from red_genero.common.states import By
from resources.models import HelpLine, Introduction, Resource, Topic, Violence
from resources.publishing import verify_line
from tests.conftest import undone
from trainings.models import Course

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def base(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The catalogues, loaded for all these tests at once; each undoes what it changes."""
    with undone(django_db_blocker, loaded):
        yield


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A copy of the three folders of catalogues, to change at will."""
    for app in ("members", "trainings", "resources"):
        shutil.copytree(Path(settings.BASE_DIR) / app / "data", tmp_path / app)
    for path in tmp_path.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    return tmp_path


GOOD: Final = {
    "members/comunidades.csv": ("Del Fresno", "El Fresno"),
    "members/dependencias.csv": ("Dirección de Catastro", "Dirección General de Catastro"),
}
"""Changes without a fault, which a fault elsewhere must stop."""


def loaded(folder: Path | None = None) -> str:
    out = io.StringIO()
    call_command("load_catalogs", stdout=out, **({"desde": folder} if folder else {}))
    return out.getvalue()


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_everything_is_loaded() -> None:
    assert Department.objects.count() == 108
    assert Community.objects.count() == 11
    assert ContentArea.objects.count() == 8
    assert Course.objects.count() == 32
    assert Resource.objects.count() == 91
    assert Resource.objects.published().count() == 79
    assert Violence.objects.count() == 19
    assert Topic.objects.count() == 7
    assert HelpLine.objects.count() == 14
    assert HelpLine.objects.filter(published=True).count() == 5
    assert MailDomain.objects.get().domain == "guadalajara.gob.mx"
    assert RejectionReason.objects.count() == 6
    assert Institute.objects.count() == 1
    assert Introduction.objects.published().count() == Topic.objects.count() == 7


def test_rows_point_where_the_files_say() -> None:
    mercados = Department.objects.get(key="mercados")
    assert mercados.parent is not None
    assert mercados.parent.key == "cg-servicios-publicos"
    assert mercados.kind.name == "Dirección"
    diplomado = Course.objects.get(key="pp-03")
    assert [course.key for course in diplomado.prerequisites.order_by("key")] == ["is-02", "pg-01"]
    assert diplomado.paper == Course.Paper.DIPLOMA
    assert diplomado.topics[0] == "Marco de derechos"
    latest = Resource.objects.get(key="programa-sectorial-mujeres-2025")
    assert latest.replaces is not None
    assert latest.replaces.key == "proigualdad-2020"
    areas = ContentArea.objects.filter(crosscutting=False).annotate(total=Count("courses"))
    assert [area.total > 0 for area in areas] == [True] * 7


def test_only_what_the_file_marks_is_public_and_the_log_says_who_did_it() -> None:
    draft = Resource.objects.get(key="muav")
    assert (draft.state, draft.verification) == ("borrador", "por confirmar")
    assert "pedirlos a la Red" in draft.verification_note
    shown = Resource.objects.get(key="protocolo-hsas-gdl")
    line = Transition.objects.about(shown).get()
    assert (line.to_state, line.actor_name) == ("publicado", "Carga de catálogos")
    assert [str(line) for line in HelpLine.objects.published()] == [
        "Emergencias 911 (decir «Soy Código Violeta»)",
        "Línea de las Mujeres 079, opción 1",
        "Aplicación Código Violeta",
        "Línea de la Vida",
    ]


def test_dates_keep_the_precision_of_their_source() -> None:
    def shown(key: str) -> str:
        return Resource.objects.get(key=key).published_text

    assert shown("lgamvlv") == "1 de febrero de 2007"
    assert shown("ruta-atencion-jalisco") == "junio de 2024"
    assert shown("protocolo-hsas-gdl") == "2019"
    assert not shown("muav")


def test_the_municipal_protocol_binds_and_the_others_are_references() -> None:
    binds = dict(
        Resource.objects.filter(kind="protocolo", topic__key="acoso-hostigamiento").values_list(
            "key", "binds"
        )
    )
    assert binds["protocolo-hsas-gdl"] == "si"
    assert binds["protocolo-hsas-apf-2020"] == "no"
    assert binds["protocolo-cero-jalisco"] == "no"
    assert not Resource.objects.filter(binds="si", binds_basis="")


def test_the_notices_carry_the_hash_of_their_text() -> None:
    for notice in PrivacyNotice.objects.all():
        assert notice.sha256 == PrivacyNotice.fingerprint(notice.body)


def test_loading_twice_changes_nothing() -> None:
    before = (
        Department.history.count(),
        Resource.history.count(),
        Course.history.count(),
        Transition.objects.count(),
    )

    report = loaded()

    assert "Dependencias: 0 creadas, 0 actualizadas, 108 sin cambio, 0 conservadas" in report
    assert "Recursos: 0 creadas, 0 actualizadas, 91 sin cambio, 0 conservadas" in report
    assert "conservada por" not in report
    assert before == (
        Department.history.count(),
        Resource.history.count(),
        Course.history.count(),
        Transition.objects.count(),
    )


def test_the_file_updates_what_nobody_edited(files: Path) -> None:
    replace(
        files / "members/dependencias.csv", "Dirección de Catastro", "Dirección General de Catastro"
    )

    report = loaded(files)

    assert "Dependencias: 0 creadas, 1 actualizadas, 107 sin cambio, 0 conservadas" in report
    assert Department.objects.get(key="catastro").name == "Dirección General de Catastro"


def test_what_the_staff_edited_is_kept_and_said(files: Path) -> None:
    edited = Department.objects.get(key="catastro")
    edited.name = "Catastro Municipal"
    edited.save()
    replace(
        files / "members/dependencias.csv", "Dirección de Catastro", "Dirección General de Catastro"
    )

    report = loaded(files)

    assert "Dependencias: 0 creadas, 0 actualizadas, 107 sin cambio, 1 conservadas" in report
    assert "conservada por edición del Instituto: catastro (nombre)" in report
    assert Department.objects.get(key="catastro").name == "Catastro Municipal"


def test_an_edit_of_one_column_does_not_stop_the_others(files: Path) -> None:
    edited = Course.objects.get(key="pg-01")
    edited.objective = "Con las palabras del Instituto."
    edited.save()
    replace(files / "trainings/cursos.csv", "Género para quienes deciden", "Género para decidir")

    loaded(files)

    edited.refresh_from_db()
    assert edited.objective == "Con las palabras del Instituto."
    assert edited.title.startswith("Género para decidir")


def test_an_edit_taken_back_follows_the_file_again(files: Path) -> None:
    edited = Community.objects.get(number=9)
    edited.name = "Otro nombre"
    edited.save()
    replace(files / "members/comunidades.csv", "Del Fresno", "El Fresno")
    loaded(files)
    edited.name = "Del Fresno"
    edited.save()

    loaded(files)

    edited.refresh_from_db()
    assert edited.name == "El Fresno"


def test_a_withdrawn_entry_is_not_published_again() -> None:
    Resource.objects.filter(key="cpeum").update(state="retirado", withdrawal_reason="Duplicado.")

    loaded()

    assert Resource.objects.get(key="cpeum").state == "retirado"


def test_a_number_that_the_staff_verified_is_not_changed_by_a_file(
    files: Path, diana: User
) -> None:
    line = verify_line(HelpLine.objects.get(key="linea-vida"), by=By.admin(diana))
    replace(files / "resources/lineas_ayuda.csv", "800 911 2000", "800 000 0000")

    report = loaded(files)

    line.refresh_from_db()
    assert line.number == "800 911 2000"
    assert "linea-vida (número, verificada)" in report


def test_a_published_notice_is_never_rewritten(files: Path) -> None:
    before = PrivacyNotice.objects.get(kind="simplificado").body
    path = next((files / "members/avisos").glob("simplificado-*.html"))
    path.write_text("<p>Otro texto</p>", encoding="utf-8")

    report = loaded(files)

    assert PrivacyNotice.objects.get(kind="simplificado").body == before
    assert f"conservada por edición del Instituto: {path.stem} (texto" in report


def test_what_was_deleted_stays_deleted() -> None:
    MailDomain.objects.all().delete()

    report = loaded()

    assert "guadalajara.gob.mx (se borró y no se crea de nuevo)" in report
    assert not MailDomain.objects.exists()


def test_a_row_that_left_the_file_is_said_and_kept(files: Path) -> None:
    path = files / "members/comunidades.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[:-1]), encoding="utf-8")

    report = loaded(files)

    assert "ya no está en el archivo, se conserva: 11" in report
    assert Community.objects.count() == 11


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (
            "members/dependencias.csv",
            "clave,nombre,tipo",
            "clave,nombre,clase",
            "dependencias.csv, fila 1: falta la columna «tipo».",
        ),
        (
            "members/dependencias.csv",
            "presidencia,Presidencia Municipal,presidencia,ayuntamiento",
            "presidencia,Presidencia Municipal,presidencia,cabildo",
            "dependencias.csv, fila 5, columna «padre»: no existe la dependencia «cabildo».",
        ),
        (
            "members/dependencias.csv",
            "ayuntamiento,Ayuntamiento de Guadalajara (Pleno),ayuntamiento,,",
            "ayuntamiento,Ayuntamiento de Guadalajara (Pleno),ayuntamiento,museos,",
            "dependencias.csv, fila 2, columna «padre»: las filas se piden unas a otras en círculo.",
        ),
        (
            "members/dependencias.csv",
            "\nregidurias,",
            "\nayuntamiento,",
            "dependencias.csv, fila 3, columna «clave»: «ayuntamiento» ya está en la fila 2.",
        ),
        (
            "members/dependencias.csv",
            "\nregidurias,Regidurías y comisiones edilicias,",
            "\nregidurias,,",
            "dependencias.csv, fila 3, columna «nombre»: no puede estar vacía.",
        ),
        (
            "members/comunidades.csv",
            "2,Alameda,",
            "dos,Alameda,",
            "comunidades.csv, fila 3, columna «numero»: «dos» no es un número entero.",
        ),
        (
            "members/comunidades.csv",
            "2,Alameda,",
            "2,Alameda,de más,",
            "comunidades.csv, fila 3: tiene 4 celdas y el encabezado 3.",
        ),
        (
            "trainings/cursos.csv",
            ",PG-01,diagnóstica y final,80",
            ",PG-99,diagnóstica y final,80",
            "cursos.csv, fila 5, columna «prerrequisito»: no existe la formación «pg-99».",
        ),
        (
            "trainings/cursos.csv",
            "taller,presencial,6,2",
            "taller,presencial,seis,2",
            "cursos.csv, fila 3, columna «horas»: «seis» no es un número de horas.",
        ),
        (
            "trainings/cursos.csv",
            "curso,presencial,12,4",
            "charla,presencial,12,4",
            "cursos.csv, fila 2, columna «formato»: «charla» no es una opción.",
        ),
        (
            "resources/recursos.csv",
            "1979-12-18",
            "1979-13-18",
            "recursos.csv, fila 2, columna «fecha_publicacion»: «1979-13-18» no es AAAA, AAAA-MM",
        ),
        (
            "resources/recursos.csv",
            ",conocimiento general,Fechas de adopción",
            ",por confirmar,Fechas de adopción",
            "recursos.csv, fila 2, columna «publicable»: dice «si» y la verificación está «por confirmar».",
        ),
        (
            "resources/recursos.csv",
            "https://www.ohchr.org",
            "javascript://www.ohchr.org",
            "recursos.csv, fila 2, «dirección oficial»: ",
        ),
        (
            "resources/lineas_ayuda.csv",
            "emergencias-911,",
            '"emergencias-911,',
            "lineas_ayuda.csv, línea ",
        ),
    ],
)
def test_a_bad_file_is_refused_with_its_place_and_nothing_is_written(
    files: Path, file: str, old: str, new: str, said: str
) -> None:
    for path, (was, would_be) in GOOD.items():
        if path != file:
            replace(files / path, was, would_be)
    replace(files / file, old, new)

    with pytest.raises(CommandError) as refusal:
        loaded(files)

    assert str(refusal.value).startswith(said)
    assert not Department.objects.filter(name="Dirección General de Catastro").exists()
    assert not Community.objects.filter(name="El Fresno").exists()


def test_a_file_in_another_encoding_is_refused(files: Path) -> None:
    path = files / "members/comunidades.csv"
    path.write_bytes(path.read_text(encoding="utf-8").replace("–", "-").encode("latin-1"))

    with pytest.raises(
        CommandError, match=r"comunidades\.csv, fila 2: el archivo no está en UTF-8"
    ):
        loaded(files)


def test_a_missing_file_is_said(files: Path) -> None:
    (files / "resources/temas.csv").unlink()

    with pytest.raises(CommandError, match=r"temas\.csv: no se pudo leer el archivo"):
        loaded(files)


def test_each_app_loads_its_own_files() -> None:
    for app in (members, resources, trainings):
        assert app.catalogs.load_all()


def test_a_refusal_of_an_app_is_a_validation_error(files: Path) -> None:
    (files / "resources/temas.csv").unlink()

    with pytest.raises(ValidationError) as refusal:
        resources.catalogs.load_all(files / "resources")

    assert refusal.value.code == "catalog"
