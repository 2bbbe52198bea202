"""Sessions in the database: known by a digest of their key, ended when idle or old, and listed by account."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as Stored
from django.db.models import Q
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from careshape.accounts.models.session import Session

BEGAN: Final = "began"
"""Where a session holds when somebody signed in, as ISO 8601."""
DEVICE: Final = "device"
STEP: Final = timedelta(minutes=1)
"""A session's last use is written at most this often: reading pages stays free of writes."""
_BROWSERS: Final = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrom", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS: Final = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS", "Mac"),
    ("CrOS", "Chromebook"), ("Linux", "Linux"),
)  # fmt: skip


class SessionStore(Stored):
    """Django's sessions in the database, with our rules. The cookie holds the key, the database its digest only."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """The model of a session."""
        return Session

    def load(self) -> dict[str, Any]:
        """What the session holds; nothing where it has ended: by idleness, by age, or because it was removed."""
        now, key = timezone.now(), self.session_key
        # Every request of who is signed in asks this: the row by its key, whose times are judged here, takes much less
        # than a query of the three times.
        row = Session.objects.filter(pk=stored_key(key or "")).first()
        if row is None or has_ended(row, now):
            self._session_key = None
            return {}
        if now - row.used_at >= STEP:
            Session.objects.filter(pk=row.pk).update(used_at=now)
        held: dict[str, Any] = self.decode(row.session_data)
        return held

    def exists(self, session_key: str) -> bool:
        """Whether there is a session of this key."""
        return Session.objects.filter(pk=stored_key(session_key)).exists()

    def create_model_instance(self, data: Mapping[str, Any]) -> Session:
        """The row of the session as it is now."""
        now = timezone.now()
        account = data.get(SESSION_KEY)
        return Session(
            session_key=stored_key(self._get_or_create_session_key()),
            session_data=self.encode(dict(data)),
            expire_date=now + settings.CARESHAPE_SESSION_WHOLE,
            account=int(account) if account else None,
            device=data.get(DEVICE, ""),
            began_at=(parse_datetime(data[BEGAN]) if BEGAN in data else None) or now,
            used_at=now,
        )

    def delete(self, session_key: str | None = None) -> None:
        """Remove the session."""
        key = session_key or self.session_key
        if key:
            Session.objects.filter(pk=stored_key(key)).delete()

    @classmethod
    def clear_expired(cls) -> None:
        """Remove sessions that have ended."""
        now = timezone.now()
        Session.objects.filter(over(now) | Q(expire_date__lte=now)).delete()


def over(now: Any) -> Q:
    """Sessions that have ended: not used for CARESHAPE_SESSION_IDLE, or begun CARESHAPE_SESSION_WHOLE ago."""
    return Q(used_at__lte=now - settings.CARESHAPE_SESSION_IDLE) | Q(
        began_at__lte=now - settings.CARESHAPE_SESSION_WHOLE
    )


def has_ended(row: Session, now: datetime) -> bool:
    """Whether a session has ended, as ``over`` says of many, or because its time is up."""
    idle, whole = now - settings.CARESHAPE_SESSION_IDLE, now - settings.CARESHAPE_SESSION_WHOLE
    return row.expire_date <= now or row.used_at <= idle or row.began_at <= whole


def stored_key(key: str) -> str:
    """What the database holds of a key: 160 bits of its digest, since Django's column has 40 characters."""
    return hashlib.sha256(key.encode()).hexdigest()[:40]


def sessions_of(account: int) -> list[Session]:
    """The open sessions of an account, the one used last first."""
    return list(Session.objects.filter(account=account).exclude(over(timezone.now())).order_by("-used_at"))


def end_sessions(account: int, keep: str | None = None) -> int:
    """End the sessions of an account, but for the one whose key is ``keep``; return how many."""
    found = Session.objects.filter(account=account)
    ended, _ = (found.exclude(pk=stored_key(keep)) if keep else found).delete()
    return ended


def device_of(agent: str) -> str:
    """Browser and system of a ``User-Agent`` header in a few words; the header itself is not kept."""
    browser = next((name for mark, name in _BROWSERS if mark in agent), "")
    system = next((name for mark, name in _SYSTEMS if re.search(mark, agent)), "")
    return " on ".join(part for part in (browser or "A browser", system) if part)
