"""Forms of accounts."""

from app.accounts.forms.sign_in import ChooseHatForm, SignInForm

__all__ = ["ChooseHatForm", "SignInForm"]
