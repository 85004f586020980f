"""Private files: whole or not there."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.base import ContentFile, File
from django.core.files.storage import storages

from red_genero.common.storage import WholeFileStorage


class FullDisk(ContentFile[bytes]):
    """A file whose second half finds no room."""

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        """Give the first half and fail."""
        yield b"primera mitad"
        raise OSError(28, "No space left on device")


def test_a_stored_file_is_whole_and_alone(tmp_path: Path) -> None:
    storage = WholeFileStorage(location=tmp_path)

    name = storage.save("constancias/uno.pdf", ContentFile(b"%PDF-1.7"))

    assert name == "constancias/uno.pdf"
    assert (tmp_path / name).read_bytes() == b"%PDF-1.7"
    assert [path.name for path in (tmp_path / "constancias").iterdir()] == ["uno.pdf"]


def test_a_full_disk_leaves_nothing_under_the_final_name(tmp_path: Path) -> None:
    storage = WholeFileStorage(location=tmp_path)

    with pytest.raises(OSError, match="No space left"):
        storage.save("constancias/uno.pdf", FullDisk(b""))

    assert not storage.exists("constancias/uno.pdf")
    assert list((tmp_path / "constancias").iterdir()) == []


def test_a_name_taken_meanwhile_is_never_overwritten(tmp_path: Path) -> None:
    class Racing(WholeFileStorage):
        """Somebody else takes the name while this one writes."""

        def _save(self, name: str, content: File[bytes]) -> str:
            Path(self.path(name)).write_bytes(b"de otra")
            return super()._save(name, content)

    storage = Racing(location=tmp_path)

    name = storage.save("uno.pdf", ContentFile(b"mia"))

    assert name != "uno.pdf"
    assert (tmp_path / name).read_bytes() == b"mia"
    assert (tmp_path / "uno.pdf").read_bytes() == b"de otra"


def test_the_portal_keeps_its_files_so() -> None:
    assert isinstance(storages["default"], WholeFileStorage)
