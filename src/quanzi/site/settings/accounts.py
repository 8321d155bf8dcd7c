"""Members, sessions and sign-in (django-allauth)."""

from __future__ import annotations

import os
from typing import Any

from quanzi.site import home as folders

AUTH_USER_MODEL = "accounts.Member"

# One backend: it knows phone numbers, takes equal time for strangers, and carries Django's permissions.
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "quanzi.people.accounts.passwords.NotOfThisShop"},
]

# Sign-up and login (django-allauth): a contact and a code; a password only for those who set one later.
ACCOUNT_ADAPTER = "quanzi.people.accounts.adapter.MemberAdapter"
ACCOUNT_FORMS = {
    "signup": "quanzi.people.accounts.forms.SignupForm",
    "login": "quanzi.people.accounts.forms.LoginForm",
    "request_login_code": "quanzi.people.accounts.forms.RequestLoginCodeForm",
    "confirm_login_code": "quanzi.people.accounts.forms.ConfirmLoginCodeForm",
    "confirm_email_verification_code": "quanzi.people.accounts.forms.ConfirmEmailCodeForm",
    "confirm_password_reset_code": "quanzi.people.accounts.forms.ConfirmResetCodeForm",
    "verify_phone": "quanzi.people.accounts.forms.VerifyPhoneForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email", "phone"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "phone"]  # our form asks for one of them
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = True
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_MAX_ATTEMPTS = ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_PHONE_VERIFICATION_MAX_ATTEMPTS = ACCOUNT_PASSWORD_RESET_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 300
ACCOUNT_PHONE_VERIFICATION_TIMEOUT = ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 300
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_PHONE_VERIFICATION_SUPPORTS_RESEND = True
# People behind one address (an office, a mobile network) share the limits by IP, so these are wide;
# what protects a person is the limit by number and account. Text messages cost money, so a day has a limit too.
ACCOUNT_RATE_LIMITS = {
    "signup": "20/m/ip,200/d/ip",
    "login": "60/m/ip",
    "login_failed": "30/m/ip,5/300s/key",
    "request_login_code": "30/m/ip,300/d/ip,3/m/key",
    "verify_phone": "1/20s/key,30/m/ip,300/d/ip",
    "confirm_email": "1/10s/key",
    "change_phone": "3/m/user",
    "invitation": "60/m/ip",
}

# The second step: passkeys, an authenticator app, recovery codes. A passkey is a whole login of its own.
MFA_ADAPTER = "quanzi.people.accounts.factors.FactorAdapter"
MFA_SUPPORTED_TYPES = ["recovery_codes", "totp", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_TOTP_TOLERANCE = 1  # clocks of phones are a little off; a code is still good only once
MFA_FORMS = {
    "authenticate": "quanzi.people.accounts.factors.AuthenticateForm",
    "reauthenticate": "quanzi.people.accounts.factors.ReauthenticateForm",
    "activate_totp": "quanzi.people.accounts.factors.ActivateTotpForm",
    "add_webauthn": "quanzi.people.accounts.factors.AddPasskeyForm",
    "authenticate_webauthn": "quanzi.people.accounts.factors.PasskeyForm",
    "reauthenticate_webauthn": "quanzi.people.accounts.factors.ReauthenticatePasskeyForm",
    "login_webauthn": "quanzi.people.accounts.factors.LoginPasskeyForm",
}

# Text messages go to the terminal and into sms.log until a provider is named.
SMS_PROVIDER = os.environ.get("QUANZI_SMS_PROVIDER", "quanzi.people.accounts.sms.ConsoleSms")

# Letters become files in the data folder until a mail server is named.
_smtp: dict[str, Any] = {
    "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
    "OPTIONS": {
        "host": os.environ.get("QUANZI_SMTP_HOST", ""),
        "port": int(os.environ.get("QUANZI_SMTP_PORT", "465")),
        "username": os.environ.get("QUANZI_SMTP_USER", ""),
        "password": os.environ.get("QUANZI_SMTP_PASSWORD", ""),
        "use_ssl": True,
    },
}
_folder: dict[str, Any] = {
    "BACKEND": "quanzi.people.accounts.mail.FolderMail",
    "OPTIONS": {"file_path": str(folders.home() / "mail")},
}
MAILERS = {"default": _smtp if os.environ.get("QUANZI_SMTP_HOST") else _folder}
DEFAULT_FROM_EMAIL = os.environ.get("QUANZI_MAIL_FROM", "quanzi@localhost")
