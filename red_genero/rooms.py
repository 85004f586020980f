"""How the administration's tables are set out: by what one comes to do, the daily ones first."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

ROOMS: Final[Mapping[str, tuple[str, ...]]] = {
    "Ingreso": (
        "members.application",
        "members.changerequest",
        "members.invitation",
        "members.memberimport",
        "members.informationrequest",
        "members.rejectionreason",
        "members.maildomain",
    ),
    "Integrantes": (
        "members.member",
        "members.person",
        "members.assignment",
        "members.personmerge",
        "members.user",
    ),
    "Dependencias, enlaces y Unidades de Género": (
        "members.department",
        "members.designation",
        "members.designationrequest",
        "members.genderunit",
        "members.unitstep",
        "members.unitmember",
        "members.unitpaper",
        "members.governmentterm",
        "members.termtask",
        "members.officesigner",
        "members.departmentkind",
        "members.community",
    ),
    "Formación": (
        "trainings.edition",
        "trainings.enrollment",
        "trainings.attendance",
        "trainings.certificate",
        "trainings.course",
        "trainings.instructor",
        "trainings.questionset",
        "trainings.fillrun",
        "trainings.design",
        "trainings.signatory",
        "members.contentarea",
    ),
    "Biblioteca y cuidado": (
        "resources.resource",
        "resources.resourceversion",
        "resources.helpline",
        "resources.introduction",
        "resources.topicfact",
        "resources.collection",
        "resources.bulletin",
        "resources.readcount",
        "resources.linkcheck",
        "resources.topic",
        "resources.violence",
    ),
    "Datos personales": (
        "members.privacyrequest",
        "members.consent",
        "members.privacynotice",
        "members.privacypolicy",
        "common.accesslog",
    ),
    "El portal": (
        "members.institute",
        "members.pagetext",
        "common.mailtext",
        "common.queuedmail",
        "common.job",
        "common.transition",
        "members.holiday",
        "auth.group",
    ),
}
"""Each table once; a test holds that none is forgotten."""
HOMED: Final = frozenset(key for keys in ROOMS.values() for key in keys)


def set_out(applications: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return Django's list of applications with their tables, arranged in rooms; an empty room is left out.

    Each room is ``{"name", "models"}``. A table without a room stays under the name of its application, after them.
    """
    tables: dict[str, Any] = {}
    homes: dict[str, list[Any]] = {name: [] for name in ROOMS}
    for application in applications:
        for table in application["models"]:
            key = f"{application['app_label']}.{table['object_name'].lower()}"
            tables[key] = table
            if key not in HOMED:
                homes.setdefault(application["name"], []).append(table)
    for name, keys in ROOMS.items():
        homes[name] = [tables[key] for key in keys if key in tables]
    return [{"name": name, "models": found} for name, found in homes.items() if found]
