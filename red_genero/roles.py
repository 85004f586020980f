"""The groups of the portal and their permissions, as plain data."""

from typing import Final

Permissions = tuple[str, ...]

VIEW_MEMBERS: Final[Permissions] = (
    "members.view_person",
    "members.view_member",
    "members.view_membershipinterval",
    "members.view_assignment",
    "members.view_application",
    "members.view_informationrequest",
    "members.view_department",
    "members.view_departmentkind",
    "members.view_maildomain",
    "members.view_rejectionreason",
    "members.view_privacynotice",
    "members.view_consent",
    "members.view_contentarea",
    "members.view_community",
    "members.view_holiday",
)
VIEW_TRAININGS: Final[Permissions] = (
    "trainings.view_course",
    "trainings.view_instructor",
    "trainings.view_edition",
    "trainings.view_session",
    "trainings.view_enrollment",
    "trainings.view_fillrun",
    "trainings.view_fillskip",
    "trainings.view_attendance",
    "trainings.view_certificate",
    "trainings.view_signatory",
)
VIEW_RESOURCES: Final[Permissions] = (
    "resources.view_topic",
    "resources.view_violence",
    "resources.view_resource",
    "resources.view_helpline",
)
VIEW_LOGS: Final[Permissions] = (
    "common.view_transition",
    "common.view_queuedmail",
    "common.view_accesslog",
    "common.view_job",
)

VALIDATION: Final[Permissions] = (
    *VIEW_MEMBERS,
    "members.review_application",
    "members.change_application",
    "members.change_person",
    "members.change_member",
    "members.add_assignment",
    "members.change_assignment",
    "members.add_department",
    "members.change_department",
    "members.add_departmentkind",
    "members.change_departmentkind",
    "members.add_maildomain",
    "members.change_maildomain",
    "members.delete_maildomain",
    "members.add_rejectionreason",
    "members.change_rejectionreason",
    "common.view_transition",
    "common.view_queuedmail",
)
COORDINATION: Final[Permissions] = ("trainings.coordinate_edition", "trainings.issue_certificate")
TRAINING: Final[Permissions] = (
    *VIEW_TRAININGS,
    "members.view_person",
    "members.view_member",
    "members.view_contentarea",
    "members.view_community",
    "trainings.coordinate_edition",
    "trainings.coordinate_every_edition",
    "trainings.issue_certificate",
    "trainings.revoke_certificate",
    "trainings.add_course",
    "trainings.change_course",
    "trainings.add_instructor",
    "trainings.change_instructor",
    "trainings.add_edition",
    "trainings.change_edition",
    "trainings.add_session",
    "trainings.change_session",
    "trainings.delete_session",
    "trainings.change_enrollment",
    "trainings.change_certificate",
    "trainings.add_signatory",
    "trainings.change_signatory",
    "common.view_transition",
    "common.view_queuedmail",
    "common.view_job",
)
LIBRARY: Final[Permissions] = (
    *VIEW_RESOURCES,
    "resources.add_topic",
    "resources.change_topic",
    "resources.add_resource",
    "resources.change_resource",
    "resources.add_helpline",
    "resources.change_helpline",
    "resources.change_violence",
)
DIRECTION: Final[Permissions] = (
    *VALIDATION,
    *TRAINING,
    *LIBRARY,
    *VIEW_LOGS,
    "members.view_user",
    "members.add_user",
    "members.change_user",
    "auth.view_group",
    "members.view_institute",
    "members.add_institute",
    "members.change_institute",
    "members.view_pagetext",
    "members.add_pagetext",
    "members.change_pagetext",
    "members.add_privacynotice",
    "members.add_holiday",
    "members.change_holiday",
    "members.delete_holiday",
    "members.add_contentarea",
    "members.change_contentarea",
    "members.add_community",
    "members.change_community",
)
AUDIT: Final[Permissions] = (*VIEW_MEMBERS, *VIEW_TRAININGS, *VIEW_RESOURCES, *VIEW_LOGS)

ROLES: Final[dict[str, Permissions]] = {
    "Coordinación": COORDINATION,
    "Validación": VALIDATION,
    "Formación": TRAINING,
    "Biblioteca": LIBRARY,
    "Dirección": DIRECTION,
    "Auditoría": AUDIT,
}
