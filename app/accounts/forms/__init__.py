"""Forms of accounts."""

from app.accounts.forms.members import (
    AgreementForm,
    DeclareForm,
    InviteForm,
    LeaveForm,
    MemberForm,
    ReviewForm,
    StructureForm,
    TeamForm,
    review_form,
)
from app.accounts.forms.own import (
    AcceptForm,
    ActForm,
    ChangePasswordForm,
    CodeForm,
    EnrolForm,
    ForgottenForm,
    JoinForm,
    NewPasswordForm,
)
from app.accounts.forms.sign_in import ChooseHatForm, SignInForm

__all__ = [
    "AcceptForm",
    "ActForm",
    "AgreementForm",
    "ChangePasswordForm",
    "ChooseHatForm",
    "CodeForm",
    "DeclareForm",
    "EnrolForm",
    "ForgottenForm",
    "InviteForm",
    "JoinForm",
    "LeaveForm",
    "MemberForm",
    "NewPasswordForm",
    "ReviewForm",
    "SignInForm",
    "StructureForm",
    "TeamForm",
    "review_form",
]
