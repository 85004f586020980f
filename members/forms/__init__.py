"""Forms of the members app."""

from members.forms.answer import AnswerForm
from members.forms.application import ConsentForm, PersonForm, StatisticsForm, WorkForm
from members.forms.change import DepartmentChangeForm, NameChangeForm, PostChangeForm
from members.forms.contact import ContactMessageForm, SharingForm
from members.forms.directory import (
    DayForm,
    DepartmentDayForm,
    DepartmentSearchForm,
    MemberFilterForm,
    VisibilityForm,
)
from members.forms.fields import DraftModelForm
from members.forms.rights import ContactForm, LeaveForm, PrivacyRequestForm, RenewalForm
from members.forms.workplace import DepartmentForm, PositionForm

__all__ = [
    "AnswerForm",
    "ConsentForm",
    "ContactForm",
    "ContactMessageForm",
    "DayForm",
    "DepartmentChangeForm",
    "DepartmentDayForm",
    "DepartmentForm",
    "DepartmentSearchForm",
    "DraftModelForm",
    "LeaveForm",
    "MemberFilterForm",
    "NameChangeForm",
    "PersonForm",
    "PositionForm",
    "PostChangeForm",
    "PrivacyRequestForm",
    "RenewalForm",
    "SharingForm",
    "StatisticsForm",
    "VisibilityForm",
    "WorkForm",
]
