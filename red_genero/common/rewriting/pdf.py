"""PDF: read object by object, what acts taken out, written anew."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String

from red_genero.common.rewriting.kinds import Facts, Kind, Limits, Refusal
from red_genero.common.rewriting.photographs import bare

ACTIONS: Final = frozenset({"/GoTo", "/URI", "/Named", "/GoToR", "/Thread"})
"""What a link may do; the rest runs, opens, sends or plays something."""
ACTING: Final = frozenset(
    {
        "/GoToE",
        "/GoTo3DView",
        "/Hide",
        "/ImportData",
        "/JavaScript",
        "/Launch",
        "/Movie",
        "/Rendition",
        "/ResetForm",
        "/RichMediaExecute",
        "/SetOCGState",
        "/Sound",
        "/SubmitForm",
        "/Trans",
    }
)
"""What acts by name, whatever else its dictionary says."""
NAMED: Final = frozenset({"/NextPage", "/PrevPage", "/FirstPage", "/LastPage"})
SCHEMES: Final = ("http://", "https://", "mailto:", "tel:")
ANNOTATIONS_OUT: Final = frozenset(
    {"/FileAttachment", "/Movie", "/Sound", "/Screen", "/RichMedia", "/3D"}
)
KEYS_OUT: Final = {
    "/AA": "acciones",
    "/OpenAction": "acciones",
    "/JS": "programas",
    "/JavaScript": "programas",
    "/EF": "archivos dentro",
    "/RF": "archivos dentro",
    "/EmbeddedFiles": "archivos dentro",
    "/AF": "archivos dentro",
    "/Collection": "archivos dentro",
    "/XFA": "formularios activos",
    "/Launch": "acciones",
    "/Rendition": "medios",
    "/Renditions": "medios",
    "/RichMediaContent": "medios",
}
OUTSIDE: Final = ("/F", "/Ref", "/OPI", "/Alternates")
"""Where a stream says that its content is in another file."""
TOLD_OF_PICTURES: Final = ("/Metadata", "/PieceInfo")
DEEP: Final = 60
TAIL: Final = 2_048


def rewrite(source: Path, target: Path, kind: Kind, limits: Limits) -> Facts:
    """Write the document without scripts, actions, media, embedded files and who made it.

    A signed one is kept byte by byte when there is nothing to take out, and refused when there is: to rewrite it would
    destroy its signature.
    """
    if b"%%EOF" not in _tail(source):
        raise Refusal("pdf_broken")
    try:
        with pikepdf.open(source, attempt_recovery=False, inherit_page_attributes=True) as pdf:
            if pdf.is_encrypted:
                raise Refusal("file_encrypted")
            facts = _facts(pdf, limits)
            facts.removed = sorted(_disarm(pdf))
            if facts.signed:
                _keep_signed(source, target, facts)
                return facts
            _forget_authors(pdf)
            if _bare_photographs(pdf):
                facts.removed = sorted({*facts.removed, "datos de las imágenes"})
            pdf.save(target, deterministic_id=True, linearize=False)
    except pikepdf.PasswordError as error:
        raise Refusal("file_encrypted") from error
    except (
        pikepdf.PdfError,
        RuntimeError,
        ValueError,
        KeyError,
        TypeError,
        RecursionError,
    ) as error:
        raise Refusal("pdf_broken") from error
    return facts


def _tail(source: Path) -> bytes:
    with source.open("rb") as file:
        file.seek(max(0, source.stat().st_size - TAIL))
        return file.read()


def _facts(pdf: Pdf, limits: Limits) -> Facts:
    """Count its pages and read how it describes itself."""
    pages = len(pdf.pages)
    if not pages:
        raise Refusal("pdf_broken")
    if pages > limits.pages:
        raise Refusal("too_many_pages")
    marked = pdf.Root.get(Name.MarkInfo)
    tagged = isinstance(marked, Dictionary) and bool(marked.get(Name.Marked, False))
    return Facts(
        Kind.PDF.suffix,
        pages=pages,
        language=str(pdf.Root.get(Name.Lang, ""))[:20],
        tagged=tagged and Name.StructTreeRoot in pdf.Root,
        signed=_signed(pdf),
        title=_title(pdf)[:400],
    )


def _signed(pdf: Pdf) -> bool:
    """Whether some signature covers the bytes of the file."""
    return any(
        isinstance(each, Dictionary) and Name.ByteRange in each and Name.Contents in each
        for each in pdf.objects
    )


def _keep_signed(source: Path, target: Path, facts: Facts) -> None:
    """Copy a signed document that does nothing and carries nothing behind its end."""
    ends = _tail(source).rstrip(b"\r\n \x00").endswith(b"%%EOF")
    if facts.removed or not ends:
        raise Refusal("signed_active")
    shutil.copyfile(source, target)


def _disarm(pdf: Pdf) -> set[str]:
    """Take out of every object what acts; return in words what there was."""
    found: set[str] = set()
    for holder in (pdf.Root, *pdf.objects):
        for part in _parts(holder):
            found |= _disarm_one(part)
    return found


def _parts(thing: Any, depth: int = 0) -> Iterator[Any]:
    """Yield every dictionary written inside ``thing``, itself included; other objects come by themselves."""
    if depth > DEEP:
        raise Refusal("pdf_broken")
    if isinstance(thing, Dictionary | Stream):
        yield thing
        for key in list(thing.keys()):
            value = thing.get(key)
            if isinstance(value, Dictionary | Array | Stream) and not value.is_indirect:
                yield from _parts(value, depth + 1)
    elif isinstance(thing, Array):
        for value in thing:
            if isinstance(value, Dictionary | Array | Stream) and not value.is_indirect:
                yield from _parts(value, depth + 1)


def _disarm_one(part: Any) -> set[str]:
    """Take out of one dictionary its forbidden keys, links and notes."""
    found = set()
    for key, what in KEYS_OUT.items():
        if key in part and _acts(part, key):
            del part[key]
            found.add(what)
    if _fetches(part):
        found.add("vínculos externos")
    if isinstance(part, Stream) and "/PS" in (part.get("/Subtype"), part.get("/Subtype2")):
        part.write(b"")
        found.add("programas")
    for key in ("/A", "/PA", "/Next"):
        if key in part and _forbidden(part[key]):
            del part[key]
            found.add("acciones")
    notes = part.get("/Annots")
    if isinstance(notes, Array):
        kept = [each for each in notes if not _active_note(each)]
        if len(kept) != len(notes):
            part["/Annots"] = Array(kept)
            found.add("medios")
    return found


def _fetches(part: Any) -> bool:
    """Take out of one dictionary where it says that its content, or the root of its links, is elsewhere."""
    keys = [key for key in OUTSIDE if key in part] if isinstance(part, Stream) else []
    base = part.get("/Base")
    if isinstance(base, String) and not str(base).strip().lower().startswith(SCHEMES):
        keys.append("/Base")
    for key in keys:
        del part[key]
    return bool(keys)


def _acts(part: Any, key: str) -> bool:
    """Whether the key means what it says: an opening at a page is no action."""
    if key == "/OpenAction":
        return not isinstance(part[key], Array)
    if key in {"/AF", "/RF"}:
        return isinstance(part[key], Dictionary | Array)
    return True


def _forbidden(action: Any) -> bool:
    """Whether a link does more than lead to a page or to an address."""
    if isinstance(action, Array):
        return any(_forbidden(each) for each in action)
    if not isinstance(action, Dictionary) or "/S" not in action:
        return False
    verb = str(action["/S"])
    if verb == "/URI":
        return not str(action.get("/URI", "")).strip().lower().startswith(SCHEMES)
    if verb == "/Named":
        return str(action.get("/N", "")) not in NAMED
    if verb == "/GoToR" or (verb == "/Thread" and "/F" in action):
        return True
    return verb not in ACTIONS and _is_action(action, verb)


def _is_action(action: Any, verb: str) -> bool:
    """Whether a dictionary under /A is an action: structure trees use the same key for attributes."""
    return "/O" not in action or verb in ACTING


def _active_note(note: Any) -> bool:
    return isinstance(note, Dictionary) and str(note.get("/Subtype", "")) in ANNOTATIONS_OUT


def _bare_photographs(pdf: Pdf) -> bool:
    """Take out of the photographs where, when and with what they were taken; the pixels stay as they are."""
    found = False
    for each in pdf.objects:
        if not isinstance(each, Stream):
            continue
        for key in TOLD_OF_PICTURES:
            if key in each:
                del each[key]
                found = True
        if each.get("/Filter") in ("/DCTDecode", [Name.DCTDecode]):
            raw, colours = each.read_raw_bytes(), each.get("/DecodeParms")
            shown = bare(raw)
            if shown != raw:
                each.write(shown, filter=Name.DCTDecode)
                if colours is not None:
                    each.DecodeParms = colours
                found = True
    return found


def _forget_authors(pdf: Pdf) -> None:
    """Keep of the description its title, and whether it claims to be accessible."""
    title, claim = _title(pdf), _claim(pdf)
    for key in (Name.Info, Name.ID):
        if key in pdf.trailer:
            del pdf.trailer[key]
    if Name.Metadata in pdf.Root:
        del pdf.Root[Name.Metadata]
    if title:
        pdf.docinfo[Name.Title] = title
    if claim:
        with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as meta:
            meta["pdfuaid:part"] = claim
            if title:
                meta["dc:title"] = title


def _title(pdf: Pdf) -> str:
    """Return the title that the document gives itself."""
    return str(pdf.docinfo.get(Name.Title, "")) if Name.Info in pdf.trailer else ""


def _claim(pdf: Pdf) -> str:
    """Return the part of PDF/UA that the document claims to follow."""
    if Name.Metadata not in pdf.Root:
        return ""
    try:
        with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as meta:
            return str(meta.get("pdfuaid:part", ""))
    except (ValueError, KeyError, TypeError, pikepdf.PdfError):
        return ""
