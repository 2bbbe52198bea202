"""One-time codes (RFC 6238: SHA-1, six digits, thirty seconds, which every application knows) and recovery codes."""

from __future__ import annotations

import base64
import hmac
import secrets
import struct
import time
from io import BytesIO
from typing import Final
from urllib.parse import quote, urlencode

import qrcode
from django.utils import timezone
from qrcode.image.svg import SvgPathFillImage

from careshape.accounts.models import Account, OneTimeCodes, RecoveryCode
from careshape.accounts.sealed import digest, opened, sealed

PERIOD: Final = 30
"""Seconds for which a code stands."""
DIGITS: Final = 6
SLACK: Final = 1
"""Steps before and after the present one whose codes are taken, for clocks that differ."""
RECOVERY_CODES: Final = 10
_LETTERS: Final = "23456789abcdefghjkmnpqrstuvwxyz"
"""Signs of a recovery code: none that is taken for another."""


def new_secret() -> str:
    """A shared secret of 160 bits, base32."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def code_at(secret: str, step: int) -> str:
    """The code of a time step (RFC 4226, 5.3)."""
    mac = hmac.digest(base64.b32decode(secret), struct.pack(">Q", step), "sha1")
    offset = mac[-1] & 0x0F
    value = struct.unpack(">I", mac[offset : offset + 4])[0] & 0x7FFFFFFF
    return f"{value % 10**DIGITS:0{DIGITS}}"


def step_of(secret: str, code: str, now: float | None = None) -> int | None:
    """The time step whose code this is, of those that are taken at ``now`` (seconds of Unix time); None for none."""
    typed = "".join(code.split())
    present = int(time.time() if now is None else now) // PERIOD
    found = None
    for step in range(present - SLACK, present + SLACK + 1):
        if hmac.compare_digest(code_at(secret, step).encode(), typed.encode()):
            found = step
    return found


def take_code(account: Account, code: str) -> bool:
    """Whether a one-time code is right and was not taken before. Of two at once, one is taken."""
    codes = OneTimeCodes.objects.filter(account=account).first()
    step = step_of(opened(codes.secret), code) if codes else None
    if codes is None or step is None:
        return False
    return OneTimeCodes.objects.filter(pk=codes.pk, last_step__lt=step).update(last_step=step) == 1


def add_codes(account: Account, secret: str, step: int) -> OneTimeCodes:
    """Keep the secret of an account's one-time codes, in place of an earlier one."""
    kept, _ = OneTimeCodes.objects.update_or_create(
        account=account, defaults={"secret": sealed(secret), "last_step": step}
    )
    return kept


def new_recovery_codes(account: Account) -> list[str]:
    """Ten new recovery codes in place of all earlier ones. They can be told this once only."""
    RecoveryCode.objects.filter(account=account).delete()
    codes = ["-".join(_letters(5) for _ in range(3)) for _ in range(RECOVERY_CODES)]
    RecoveryCode.objects.bulk_create(RecoveryCode(account=account, digest=_digest(account, code)) for code in codes)
    return codes


def take_recovery_code(account: Account, code: str) -> bool:
    """Whether a recovery code is right and unused; it is used then."""
    unused = RecoveryCode.objects.filter(account=account, digest=_digest(account, code), used_at__isnull=True)
    return unused.update(used_at=timezone.now()) == 1


def recovery_codes_left(account: Account) -> int:
    """How many unused recovery codes there are."""
    return RecoveryCode.objects.filter(account=account, used_at__isnull=True).count()


def key_address(account: Account, secret: str, issuer: str) -> str:
    """The address that an application reads from the picture (otpauth)."""
    label = quote(f"{issuer}:{account.email}")
    return f"otpauth://totp/{label}?" + urlencode({"secret": secret, "issuer": issuer}, quote_via=quote)


def picture(text: str) -> str:
    """A QR code as SVG, to stand in a page that allows no inline style."""
    out = BytesIO()
    qrcode.make(text, image_factory=SvgPathFillImage, border=2).save(out)
    return out.getvalue().decode().partition("?>")[2].strip()


def _letters(number: int) -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(number))


def _digest(account: Account, code: str) -> str:
    signs = "".join(sign for sign in code.lower() if sign in _LETTERS)
    return digest("recovery code", str(account.pk), signs)
