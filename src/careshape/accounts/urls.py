"""Addresses of signing in, of one's own account, and of those who administer accounts."""

from django.urls import path

from careshape.accounts.views import set_up, signing_in

urlpatterns = [
    path("sign-in/", signing_in.sign_in, name="sign-in"),
    path("sign-in/second/", signing_in.second),
    path("sign-in/second/passkey/", signing_in.second_passkey),
    path("sign-in/recovery/", signing_in.recovery),
    path("sign-in/passkey/", signing_in.passkey),
    path("sign-in/set-up/", set_up.choose),
    path("sign-in/set-up/codes/", set_up.first_codes),
    path("sign-in/set-up/passkey/", set_up.first_passkey),
    path("sign-out/", signing_in.sign_out, name="sign-out"),
]
