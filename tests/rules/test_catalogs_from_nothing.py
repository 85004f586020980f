"""The first load of the catalogues: whole or not at all."""

import shutil
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from members import catalogs
from members.models import Community, Department
from resources.models import Resource

pytestmark = pytest.mark.django_db
APPS = ("members", "trainings", "resources")


def copied(app: str, to: Path) -> Path:
    """Return a copy of the catalogues of an app, to change at will."""
    return Path(shutil.copytree(Path(settings.BASE_DIR) / app / "data", to / app))


def test_a_fault_in_the_last_file_leaves_the_tables_empty(tmp_path: Path) -> None:
    *_, last = [copied(app, tmp_path) for app in APPS]
    path = last / "lineas_ayuda.csv"
    path.chmod(0o644)
    path.write_text(path.read_text(encoding="utf-8") + '"sin cerrar', encoding="utf-8")

    with pytest.raises(CommandError, match=r"lineas_ayuda\.csv, línea "):
        call_command("load_catalogs", desde=tmp_path)

    assert not Department.objects.exists()
    assert not Community.objects.exists()
    assert not Resource.objects.exists()


def test_a_file_saved_by_excel_is_understood(tmp_path: Path) -> None:
    folder = copied("members", tmp_path)
    path = folder / "comunidades.csv"
    path.chmod(0o644)
    path.write_bytes(path.read_text(encoding="utf-8").replace("\n", "\r\n").encode("utf-8-sig"))

    catalogs.load_all(folder)

    assert Community.objects.get(number=4).name == "La Barranca de Huentitán"
