"""Rows of the members app."""

from members.models.account import SignIn, User
from members.models.application import (
    Application,
    InformationFile,
    InformationRequest,
    RejectionReason,
)
from members.models.arco import PrivacyPolicy, PrivacyRequest
from members.models.arrival import Invitation, MemberImport
from members.models.assignment import Assignment
from members.models.calendar import Holiday
from members.models.catalog import Community, ContentArea
from members.models.change import ChangeRequest
from members.models.contact import ContactRequest
from members.models.department import Department, DepartmentKind, MailDomain
from members.models.designation import (
    Designation,
    DesignationRequest,
    LiaisonRole,
    OfficeSigner,
)
from members.models.institute import Institute, PageText
from members.models.member import Member, MembershipInterval
from members.models.person import Person
from members.models.position import MIDDLE_OR_UPPER, Appointment, Level
from members.models.privacy import Consent, PrivacyNotice
from members.models.succession import DepartmentMove, Succession
from members.models.term import GovernmentTerm, HandoverPack, TermTask
from members.models.unit import GenderUnit, UnitMember, UnitMove
from members.models.unit_ratification import UnitRatification
from members.models.unit_step import UnitPaper, UnitStep
from members.models.vetting import ApplicationNote, DistinctPeople, PersonMerge

__all__ = [
    "MIDDLE_OR_UPPER",
    "Application",
    "ApplicationNote",
    "Appointment",
    "Assignment",
    "ChangeRequest",
    "Community",
    "Consent",
    "ContactRequest",
    "ContentArea",
    "Department",
    "DepartmentKind",
    "DepartmentMove",
    "Designation",
    "DesignationRequest",
    "DistinctPeople",
    "GenderUnit",
    "GovernmentTerm",
    "HandoverPack",
    "Holiday",
    "InformationFile",
    "InformationRequest",
    "Institute",
    "Invitation",
    "Level",
    "LiaisonRole",
    "MailDomain",
    "Member",
    "MemberImport",
    "MembershipInterval",
    "OfficeSigner",
    "PageText",
    "Person",
    "PersonMerge",
    "PrivacyNotice",
    "PrivacyPolicy",
    "PrivacyRequest",
    "RejectionReason",
    "SignIn",
    "Succession",
    "TermTask",
    "UnitMember",
    "UnitMove",
    "UnitPaper",
    "UnitRatification",
    "UnitStep",
    "User",
]
