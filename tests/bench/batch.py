"""How fast a batch is issued: ``python -m tests.bench.batch [people] [workers] [signed]``, beside ReportLab drawing the same plain page.

The batch is the whole thing: folios, rows, history, one stored and hashed PDF/A and PDF/UA file each, one mail each, as
workers do it (two of them, unless told otherwise) on a database of its own (``DATABASE_URL``, or SQLite in a temporary
folder). With ``signed`` each file is also signed with an RSA key of 2048 bits. The memory of a worker is the peak of its
own pages, once when the first hundred lie in the storage and once at the end.
"""

import os
import re
import subprocess
import sys
import tempfile
import time
from io import BytesIO
from pathlib import Path

SAMPLE = 100
FEW = 100
PEOPLE = 1_000
WORKERS = 2
ROOT = Path(__file__).parents[2]


def main() -> None:
    """Print seconds, milliseconds each, and the ratio."""
    words = sys.argv[1:]
    numbers = [int(word) for word in words if word.isdecimal()]
    people, workers = (numbers + [PEOPLE, WORKERS][len(numbers) :])[:2]
    if "hand" in words:
        hand(people)
        return
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{folder}/bench.sqlite3")
        os.environ.update(DATA_DIR=folder, DEMO="1", DJANGO_SETTINGS_MODULE="red_genero.settings")
        if "signed" in words:
            configure_key(Path(folder))
        import django

        django.setup()
        batch_of(people, workers)


def configure_key(folder: Path) -> None:
    """Make a key of our own and tell the portal of it."""
    from cryptography.hazmat.primitives.asymmetric import rsa

    from tests.documents.authority import PASSWORD, Authority

    path = Authority(folder).p12(rsa.generate_private_key(65537, 2048))
    os.environ.update(SIGNING_P12=str(path), SIGNING_PASSWORD=PASSWORD)


def batch_of(people: int, workers: int) -> None:
    """Issue to so many people and compare."""
    from trainings.models import Certificate

    batch = prepared(people)
    order = [sys.executable, "-m", "tests.bench.batch", "hand", str(batch.pk)]
    hands = [
        subprocess.Popen(order, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(workers)
    ]
    for each in hands:
        assert each.stdout is not None
        assert each.stdout.readline() == "ready\n"
    wall = time.perf_counter()
    for each in hands:
        assert each.stdin is not None
        each.stdin.close()
    early = peaks_early(hands, min(people, FEW))
    told = [each.stdout.read().split() for each in hands if each.stdout]
    wall = (time.perf_counter() - wall) * 1_000 / people
    for each in hands:
        assert each.wait() == 0
    spent = sum(float(seconds) for seconds, _ in told) * 1_000 / people
    assert Certificate.objects.exclude(sha256="").count() == people
    drawn_wall, drawn = plain_pages(list(Certificate.objects.all()[:SAMPLE]))
    print(f"batch of {people:6}   {wall:6.1f} ms each, {spent:6.1f} of the processor")
    print(f"ReportLab, plain    {drawn_wall:6.1f} ms each, {drawn:6.1f} of the processor")
    print(f"batch / ReportLab   {wall / drawn_wall:6.2f}            {spent / drawn:6.2f}")
    late = (memory for _, memory in told)
    memory = ", ".join(f"{one} → {other}" for one, other in zip(early, late, strict=True))
    print(f"peak memory of each worker, MiB, after the first {FEW} and at the end: {memory}")


def peaks_early(hands: list[subprocess.Popen[str]], few: int) -> list[int]:
    """Wait until so many files are stored and return the peak of each worker so far."""
    from django.conf import settings

    folder = Path(settings.PRIVATE_ROOT) / "constancias"
    while sum(1 for _ in folder.rglob("*.pdf")) < few:
        assert all(not each.poll() for each in hands)
        time.sleep(0.05)
    return [peak(each.pid) for each in hands]


def peak(pid: int | str = "self") -> int:
    """Return the most memory that a process ever held of its own, in MiB.

    ``ru_maxrss`` would not do: on Linux a child inherits the peak of who started it, through fork and exec.
    """
    status = Path(f"/proc/{pid}/status").read_text()
    found = re.search(r"^VmHWM:\s+(\d+) kB", status, re.MULTILINE)
    return int(found[1]) // 1_024 if found else 0


def hand(pk: int) -> None:
    """Be a worker that has everything loaded: wait for the signal, work, tell processor seconds and memory."""
    import django

    django.setup()
    from django.urls import reverse

    from red_genero.documents import engine
    from trainings import issuing
    from trainings.models import IssueBatch

    engine.available()
    reverse("trainings:verify")
    print("ready", flush=True)
    sys.stdin.read()
    spent = time.process_time()
    issuing.work_through(IssueBatch.objects.get(pk=pk))
    print(time.process_time() - spent, peak())


def prepared(people: int):  # type: ignore[no-untyped-def]  # noqa: ANN201
    """Return a batch for a closed edición, its people copied in bulk."""
    from django.core.management import call_command

    from red_genero.common.states import By
    from tests import make
    from trainings import attending, certifying, closing
    from trainings.models import Enrollment

    call_command("migrate", verbosity=0)
    call_command("sync_roles", verbosity=0)
    call_command("load_catalogs", verbosity=0)
    make.signatory()
    by = By.web(make.user("bench@guadalajara.example"))
    run = make.taught(people=1, sessions=1)
    attending.all_present(run.sessions.get(), by=by)
    run = closing.close(run, by=by)
    model = run.enrollments.select_related("person").get()
    persons = type(model.person).objects.bulk_create(
        type(model.person)(
            given_names=f"Persona {number}",
            first_surname="Güereña",
            second_surname="Íñiguez",
            institutional_email=f"persona{number}@guadalajara.example",
        )
        for number in range(people - 1)
    )
    Enrollment.objects.bulk_create(
        Enrollment(edition=run, person=person, state=model.state, department=model.department)
        for person in persons
    )
    return certifying.issue(run, by=by)


def plain_pages(certificates) -> tuple[float, float]:  # type: ignore[no-untyped-def]  # noqa: ANN001
    """Return the milliseconds, by the wall and of the processor, in which ReportLab draws the same page, one by one on one core."""
    import segno
    from reportlab.lib.pagesizes import landscape, letter
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas

    from red_genero.documents import fonts

    for face in fonts.FACES:
        pdfmetrics.registerFont(TTFont(face, str(fonts.path(face))))
    wall, spent = time.perf_counter(), time.process_time()
    for certificate in certificates:
        said = certificate.frozen["context"]
        canvas = Canvas(BytesIO(), pagesize=landscape(letter))
        height = 560.0
        for face, size, text in (
            ("title", 15, said["network"]),
            ("title", 30, said["kind"]),
            ("title-semibold", 12, f"{said['institution']} {said['lead']}"),
            ("title-semibold", 34, said["name"]),
            ("title", 12, said["department"]),
            ("title", 12, said["reason"]),
            ("title-semibold", 22, said["course"]),
            ("title", 12, " · ".join(said["details"])),
            ("title", 12, said["dates"]),
            ("title", 12, said["place_and_date"]),
            *(("text-bold", 9, person["name"]) for person in said["signatories"]),
            *(("text", 8, person["post"]) for person in said["signatories"]),
            ("text-bold", 9, said["folio"]),
            ("text", 7, said["code"]),
            ("text", 8, said["legend"]),
        ):
            canvas.setFont(face, size)
            canvas.drawString(238, height, text)
            height -= size * 1.5
        code = BytesIO()
        segno.make_qr(said["verify_url"], error="m", mask=2, boost_error=False).save(code, "png")
        canvas.drawImage(ImageReader(code), 40, 40, 62, 62)
        canvas.save()
    each = 1_000 / len(certificates)
    return (time.perf_counter() - wall) * each, (time.process_time() - spent) * each


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
