"""Forms of signing in and of one's own account."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from careshape.accounts.models import Account

MOST: Final = 256
"""Longest password that is taken; hashing a longer one would only cost time."""


class Form(forms.Form):
    """A form whose fields are found by ``id_`` and their name, as the summary of its errors links to them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.error_messages["required"] = f"Enter {field.label.lower()}" if field.label else "Enter this"
            if isinstance(field, forms.ChoiceField | forms.ModelChoiceField) and field.label:
                field.error_messages["required"] = f"Choose {field.label[0].lower()}{field.label[1:]}"

    @property
    def first_id(self) -> str:
        """The id of the first field, to which an error of the whole form leads."""
        first: str = next(iter(self)).id_for_label
        return first


class SignInForm(Form):
    """E-mail address and password."""

    email = forms.CharField(label="E-mail address", max_length=254)
    password = forms.CharField(label="Password", max_length=MOST, strip=False)
    next = forms.CharField(required=False, max_length=2000)


class CodeForm(Form):
    """A one-time code or a recovery code."""

    code = forms.CharField(label="Code", max_length=40)


class ForgottenForm(Form):
    """Where to send a link for a new password."""

    email = forms.EmailField(
        label="E-mail address",
        max_length=254,
        error_messages={"invalid": "Enter an e-mail address in the right form, such as name@example.org"},
    )


class NewPasswordForm(Form):
    """A new password, checked against the account it is for."""

    password = forms.CharField(
        label="New password",
        max_length=MOST,
        strip=False,
        help_text="At least 12 characters. Three words that do not belong together make a good one.",
    )

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account

    def clean_password(self) -> str:
        """Refuse a password that is short, common, or like the person's name or address."""
        password: str = self.cleaned_data["password"]
        validate_password(password, self.account)
        return password


class AcceptForm(NewPasswordForm):
    """The name and password of who accepts an invitation."""

    name = forms.CharField(label="Your name", max_length=200)
    field_order = ("name", "password")

    def clean_name(self) -> str:
        """Keep the name for comparing the password with it."""
        name: str = " ".join(self.cleaned_data["name"].split())
        self.account.name = name
        return name


class PasswordForm(Form):
    """The password one has."""

    password = forms.CharField(label="Your password", max_length=MOST, strip=False)


class ChangePasswordForm(NewPasswordForm):
    """One's password, and a new one."""

    present = forms.CharField(label="Your password now", max_length=MOST, strip=False)
    field_order = ("present", "password")

    def clean(self) -> dict[str, Any]:
        """Refuse a new password that is the old one."""
        found = super().clean() or {}
        if found.get("password") and found["password"] == found.get("present"):
            self.add_error("password", ValidationError("Enter a password that is not the one you have now"))
        return found


class PasskeyForm(Form):
    """The answer of a device, and what its holder calls it."""

    name = forms.CharField(label="Name of this passkey", max_length=100, help_text="Such as: work laptop, my phone.")
    answer = forms.CharField(required=False, max_length=20_000)
