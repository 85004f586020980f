"""Office documents are zip archives: opened with counted bytes, checked name by name, packed anew."""

import re
import stat
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from lxml import etree

from red_genero.common.rewriting.kinds import Limits, Refusal

SAFE: Final = re.compile(r"[^\x00-\x1f\x7f\\:*?\"<>|]+")
STAMP: Final = (1980, 1, 1, 0, 0, 0)
BLOCK: Final = 64 * 1024
SMALL: Final = 1024 * 1024
"""Below this size the ratio of compression says nothing."""

Change = Callable[[str, bytes], bytes]


class Package:
    """An archive whose every entry was measured before it is read."""

    def __init__(self, source: Path | zipfile.ZipFile, limits: Limits) -> None:
        try:
            self.archive = (
                source if isinstance(source, zipfile.ZipFile) else zipfile.ZipFile(source)
            )
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
            raise Refusal("office_broken") from error
        self.limits = limits
        self.left = limits.unpacked
        self.entries = [each for each in self.archive.infolist() if not each.is_dir()]
        self.names = [each.filename for each in self.entries]
        self._check()

    def _check(self) -> None:
        """Refuse what no office program writes."""
        if len(self.entries) > self.limits.entries:
            raise Refusal("zip_bomb")
        if len({name.lower() for name in self.names}) != len(self.names):
            raise Refusal("office_broken")
        for entry in self.entries:
            name = entry.filename
            steps = name.split("/")
            if not SAFE.fullmatch(name) or name.startswith("/") or ".." in steps or "" in steps:
                raise Refusal("zip_names")
            if stat.S_ISLNK(entry.external_attr >> 16):
                raise Refusal("zip_names")
            if entry.flag_bits & 0x1:
                raise Refusal("file_encrypted")
            big = entry.file_size > SMALL
            if big and entry.file_size > self.limits.ratio * max(1, entry.compress_size):
                raise Refusal("zip_bomb")

    def read(self, name: str) -> bytes:
        """Return one entry; what the archive says of its size is not believed."""
        pieces = []
        try:
            with self.archive.open(name) as entry:
                while block := entry.read(BLOCK):
                    self.left -= len(block)
                    if self.left < 0:
                        raise Refusal("zip_bomb")
                    pieces.append(block)
        except (
            zipfile.BadZipFile,
            OSError,
            EOFError,
            ValueError,
            NotImplementedError,
            KeyError,
        ) as error:
            raise Refusal("office_broken") from error
        except Exception as error:  # zlib.error and lzma's have no common parent
            if isinstance(error, Refusal | MemoryError):
                raise
            raise Refusal("office_broken") from error
        return b"".join(pieces)

    def write(self, target: Path, change: Change, *, first: str = "") -> None:
        """Pack every entry as ``change`` returns it; ``first`` goes first and unpacked, as ODF wants."""
        order = sorted(self.names, key=lambda name: name != first) if first else self.names
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
            for name in order:
                info = zipfile.ZipInfo(name, STAMP)
                info.compress_type = zipfile.ZIP_STORED if name == first else zipfile.ZIP_DEFLATED
                info.external_attr = 0o600 << 16
                out.writestr(info, change(name, self.read(name)))


def parsed(content: bytes, *, mend: bool = False) -> "etree._Element":
    """Return the XML of a part; entities, document types and the network stay closed.

    ``mend`` reads what is not quite XML: Excel writes its old drawings so.
    """
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_pis=False,
        recover=mend,
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Refusal("office_broken") from error
    if root is None or root.getroottree().docinfo.doctype:
        raise Refusal("office_broken")
    return root


def written(root: "etree._Element") -> bytes:
    """Return the XML as bytes, with the declaration that office programs expect."""
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def local(tag: object) -> str:
    """Return the name of an element without its namespace; comments have none."""
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def texts(root: "etree._Element", names: frozenset[str]) -> Iterator[str]:
    """Yield the text of every element with one of these names."""
    for element in root.iter():
        if local(element.tag) in names and element.text:
            yield element.text
