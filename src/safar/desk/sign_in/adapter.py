"""How django-allauth behaves here: nobody signs up, it speaks our words, and its secrets are sealed."""

import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from safar.casework.seal import seal, unseal
from safar.desk.ui.language import page_language
from safar.words import known, say

RECENT = 5 * 60  # seconds


def said(code: str) -> str:
    """The sentence of an error of allauth or Django, by its code."""
    key = f"refused.{code}"
    return say(page_language(), key if known(page_language(), key) else "refused.sign_in_wrong")


class InvitedOnly(DefaultAccountAdapter):  # type: ignore[misc]
    """allauth's adapter with registration closed."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Never."""
        return False

    def validation_error(self, code: str, *args: object) -> ValidationError:  # noqa: ARG002
        """An error in the reader's language."""
        return ValidationError(said(code), code=code)

    def clean_password(self, password: str, user: Any = None) -> str:
        """The password, if it is strong enough; what is wrong with it in the reader's language."""
        try:
            return str(super().clean_password(password, user))
        except ValidationError as error:
            found = [ValidationError(said(one.code or ""), code=one.code) for one in error.error_list]
            raise ValidationError(found) from None

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,  # noqa: ARG002
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """What came of it, where there is a sentence for it: sign_in.message.<name of allauth's template>."""
        name = (message_template or "").rpartition("/")[2].removesuffix(".txt")
        key = f"sign_in.message.{name}"
        if name and known(page_language(), key):
            messages.add_message(request, level, say(page_language(), key), extra_tags=extra_tags)
        elif message:
            messages.add_message(request, level, message, extra_tags=extra_tags)

    def is_reauthentication_required(self, *, app: str, **more: Any) -> bool:
        """Not of somebody who came in a moment ago: they have just shown who they are."""
        if not super().is_reauthentication_required(app=app, **more):
            return False
        records = get_authentication_records(self.request, self.request.user)
        return not records or time.time() - records[-1]["at"] > RECENT

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:  # noqa: ARG002
        """As if name or password were wrong: nobody learns that there was such an officer."""
        messages.error(request, said("username_password_mismatch"))
        return redirect("account_login")


class SealedFactors(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors whose secrets are sealed in the database with the keys of documents."""

    def validation_error(self, code: str, *args: object) -> ValidationError:  # noqa: ARG002
        """An error in the reader's language."""
        return ValidationError(said(code), code=code)

    def encrypt(self, text: str) -> str:
        """The secret, sealed."""
        return seal(text).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret again."""
        return unseal(encrypted_text.encode())


def client_ip(request: HttpRequest) -> str | None:
    """Where a request comes from, through as many proxies as are ours; for counting wrong tries."""
    try:
        return str(InvitedOnly(request).get_client_ip(request))
    except PermissionDenied:  # it came from nowhere
        return None


def name_typed(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """The name that somebody tried to sign in with."""
    return str((credentials or {}).get("username") or request.POST.get("login", ""))
