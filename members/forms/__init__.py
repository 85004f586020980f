"""Forms of the members app."""

from members.forms.application import (
    AnswerForm,
    ConsentForm,
    DepartmentForm,
    PersonForm,
    PositionForm,
    StatisticsForm,
    WorkForm,
)
from members.forms.change import DepartmentChangeForm, NameChangeForm, PostChangeForm
from members.forms.directory import DepartmentSearchForm, MemberFilterForm, VisibilityForm
from members.forms.fields import DraftModelForm
from members.forms.rights import LeaveForm, PrivacyRequestForm

__all__ = [
    "AnswerForm",
    "ConsentForm",
    "DepartmentChangeForm",
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
    "StatisticsForm",
    "VisibilityForm",
    "WorkForm",
]
