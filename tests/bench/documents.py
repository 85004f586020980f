"""How fast documents are printed, as ratios within one run: ``python -m tests.bench.documents``."""

import os
import resource
import time
from collections.abc import Callable
from pathlib import Path

import django
import weasyprint
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from weasyprint.text.fonts import FontConfiguration

from red_genero.documents import Document, engine, render
from tests.documents.papers import attendance_list, certificate

REPEATS = 20
LISTS = (30, 300, 3_000)


def milliseconds(work: Callable[[], object], repeats: int) -> float:
    """Return the best of several runs, in time of this process alone (others share the cores)."""
    best = float("inf")
    for _ in range(repeats):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best * 1_000


def static(path: str) -> Path:
    """Return where a packaged static file lies."""
    found = finders.find(path)
    if not isinstance(found, str):
        raise FileNotFoundError(path)
    return Path(found)


def naive(document: Document) -> bytes:
    """Print as a first attempt would: fonts, styles and images anew at every call."""
    page = {"title": document.title, "lang": document.lang, "created": ""}
    html = render_to_string(document.template, {"page": page, **document.context})
    fonts = FontConfiguration()
    root = static("fonts/AtkinsonHyperlegibleNext-Regular.ttf").parent.parent.as_uri()
    styles = [
        weasyprint.CSS(
            string=static(name).read_text(encoding="utf-8").replace("static:", f"{root}/"),
            font_config=fonts,
        )
        for name in document.stylesheets
    ]
    pdf: bytes = weasyprint.HTML(string=html).write_pdf(
        stylesheets=styles, font_config=fonts, pdf_variant=engine.VARIANT, pdf_tags=True
    )
    return pdf


def main() -> None:
    """Print one line per measure."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    document = certificate()
    render(document)
    shared = milliseconds(lambda: render(document), REPEATS)
    alone = milliseconds(lambda: naive(document), 5)
    print(f"constancia  engine {shared:7.1f} ms")
    print(f"constancia  naive  {alone:7.1f} ms   naive / engine {alone / shared:5.1f}")
    first = 0.0
    for people in LISTS:
        listed = attendance_list(people)
        per_row = milliseconds(lambda paper=listed: render(paper), 1) / people  # type: ignore[misc]
        first = first or per_row
        print(f"list {people:5} rows   {per_row:6.2f} ms a row   to 30 rows {per_row / first:5.2f}")
    coded = milliseconds(lambda: render(attendance_list(300, coded=True)), 1)
    print(f"list   300 rows, a QR each {coded / 1_000:5.2f} s")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_024
    print(f"peak memory {peak:.0f} MiB")


if __name__ == "__main__":
    main()
