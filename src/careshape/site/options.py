"""The settings of an installation, each declared once: key of the file, variable, default, rule and meaning."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from careshape.language.spoken import TAG
from careshape.site.hosts import NAME

Reader = Callable[[Any, Path], Any]
"""From what is written, and the folder from which paths are taken, to the value. Raises ValueError against the rule."""
_YES, _NO = ("true", "yes", "on", "1"), ("false", "no", "off", "0")


@dataclass(frozen=True)
class Setting:
    """One thing that an installation can set."""

    key: str
    """Where it stands in the file: ``table.key``."""
    variable: str
    default: Any
    read: Reader
    rule: str
    """What a value must be, as a sentence."""
    meaning: str
    secret: bool = False
    """Never in the file, and never shown."""
    carried: bool = False
    """Read from the environment by a part that does not know the file."""


def _text(value: Any, base: Path) -> str:
    if not isinstance(value, str):
        raise ValueError
    return value.strip()


def _language(value: Any, base: Path) -> str:
    text = _text(value, base)
    if not re.fullmatch(TAG, text):
        raise ValueError
    return text


def _path(value: Any, base: Path) -> Path | None:
    text = _text(value, base)
    return (base / Path(text).expanduser()).resolve() if text else None


def _folder(value: Any, base: Path) -> Path:
    path = _path(value, base)
    if path is None or (path.exists() and not path.is_dir()):
        raise ValueError
    return path


def _truth(value: Any, base: Path) -> bool:
    if isinstance(value, bool):
        return value
    text = _text(value, base).lower()
    if text not in _YES + _NO:
        raise ValueError
    return text in _YES


def _whole(least: int, most: int) -> Reader:
    def read(value: Any, base: Path) -> int:
        if isinstance(value, bool) or not isinstance(value, int | str) or not re.fullmatch(r"\s*\d+\s*", str(value)):
            raise ValueError
        if not least <= int(value) <= most:
            raise ValueError
        return int(value)

    return read


def _one_of(*known: str) -> Reader:
    def read(value: Any, base: Path) -> str:
        text = _text(value, base).lower()
        if text not in known:
            raise ValueError
        return text

    return read


def _names(value: Any, base: Path) -> tuple[str, ...]:
    parts = value if isinstance(value, list) else _text(value, base).split(",")
    named = tuple(text for part in parts if (text := _text(part, base)))
    if not all(NAME.fullmatch(one) for one in named):
        raise ValueError
    return named


def _url(*schemes: str) -> Reader:
    def read(value: Any, base: Path) -> str:
        text = _text(value, base)
        parts = urlsplit(text)
        if text and (parts.scheme not in schemes or not parts.netloc):
            raise ValueError
        return text

    return read


def _database(value: Any, base: Path) -> str:
    text = _text(value, base)
    parts = urlsplit(text)
    if text and (parts.scheme not in ("postgresql", "postgres") or not parts.path.strip("/")):
        raise ValueError
    assert parts.port is None or parts.port > 0  # asked for, since urlsplit checks it only then
    return text


def _sender(value: Any, base: Path) -> str:
    text = _text(value, base)
    if not re.fullmatch(r"[^\r\n]*[^@\s<>]+@[^@\s<>]+>?", text):
        raise ValueError
    return text


_TRUTH: Final = "It must be true or false."
SETTINGS: Final = (
    Setting(
        "data.folder", "CARESHAPE_DIR", "careshape-data", _folder, "It must be a folder, or a path where one can be.",
        "Folder of the councils' data. `careshape --dir` sets it, too.",
    ),
    Setting(
        "database.url", "CARESHAPE_DATABASE_URL", "", _database,
        "It must be postgresql://user:password@host:port/name, or be left out for SQLite.",
        "Database of the site; SQLite in the data folder where there is none. A password may stand in PostgreSQL's "
        "own file instead (PGPASSFILE).", carried=True,
    ),
    Setting(
        "site.address", "CARESHAPE_ADDRESS", "", _url("http", "https"),
        "It must begin with http:// or https:// and name a host, such as https://care.example.org.",
        "Address of the site as people type it, for links in messages; where there is none, the one of the request.",
    ),
    Setting(
        "site.language", "CARESHAPE_LANGUAGE", "en-GB", _language,
        "It must be the tag of a language, such as en-GB.",
        "Language of the pages' own words, numbers and dates. The text of a statement is as it was "
        "written. Of another language than en-GB, `languages/<tag>.toml` in the data folder holds the words.",
    ),
    Setting(
        "site.hosts", "CARESHAPE_ALLOWED_HOSTS", "", _names,
        "It must be host names with commas between, without https:// and without a port.",
        "Host names that may be asked for; by default this machine's own.",
    ),
    Setting(
        "site.https", "CARESHAPE_HTTPS", False, _truth, _TRUTH,
        "The site is reached by HTTPS only: cookies are sent by nothing else, other requests are sent on to HTTPS, and "
        "browsers are told to remember it for a year.",
    ),
    Setting(
        "site.proxy", "CARESHAPE_PROXY", False, _truth, _TRUTH,
        "A server of your own stands before the site and sets X-Forwarded-Proto and X-Forwarded-For itself, whatever "
        "the reader sent.",
    ),
    Setting(
        "secret.key", "CARESHAPE_SECRET_KEY", "", _text, "It must be a text of at least 32 characters.",
        "Secret of sessions and of the audit log, where it is not kept in a file.", secret=True,
    ),
    Setting(
        "secret.file", "CARESHAPE_SECRET_FILE", "", _path, "It must be a path.",
        "File with the secret of sessions and of the audit log, outside the data folder; by default "
        "`~/.config/careshape/site.secret`, made when it is first needed.", carried=True,
    ),
    Setting(
        "key.file", "CARESHAPE_KEY_FILE", "", _path, "It must be a path.",
        "File with the key of people's pseudonyms, outside the data folder; by default "
        "`~/.config/careshape/pseudonym.key`, made when it is first needed.", carried=True,
    ),
    Setting(
        "sign_in.tries_per_address", "CARESHAPE_TRIES_PER_ADDRESS", 50, _whole(10, 10_000),
        "It must be a whole number from 10 to 10000.",
        "Failed tries to sign in from one network address in a quarter of an hour; the people of an office share one. "
        "An account is closed after ten, wherever they come from.",
    ),
    Setting(
        "session.idle_minutes", "CARESHAPE_SESSION_IDLE_MINUTES", 30, _whole(1, 1440),
        "It must be a whole number of minutes from 1 to 1440.",
        "A session ends when nothing was asked for so long.",
    ),
    Setting(
        "session.whole_hours", "CARESHAPE_SESSION_WHOLE_HOURS", 12, _whole(1, 168),
        "It must be a whole number of hours from 1 to 168.", "A session ends so long after the sign-in.",
    ),
    Setting(
        "mail.backend", "CARESHAPE_MAIL_BACKEND", "files", _one_of("files", "smtp", "console"),
        "It must be files, smtp or console.",
        "How messages are sent: as files into a folder, by a mail server, or to the server's output.",
    ),
    Setting(
        "mail.folder", "CARESHAPE_MAIL_FOLDER", "", _path, "It must be a path.",
        "Folder of the messages of the backend `files`; by default `mail` in the data folder.",
    ),
    Setting(
        "mail.from", "CARESHAPE_MAIL_FROM", "careshape@localhost", _sender,
        "It must be an e-mail address, such as careshape@example.org.", "Sender of messages.",
    ),
    Setting("mail.host", "CARESHAPE_MAIL_HOST", "localhost", _text, "It must be a host name.", "Mail server."),
    Setting(
        "mail.port", "CARESHAPE_MAIL_PORT", 25, _whole(1, 65535), "It must be a whole number from 1 to 65535.",
        "Port of the mail server.",
    ),
    Setting(
        "mail.security", "CARESHAPE_MAIL_SECURITY", "none", _one_of("none", "starttls", "tls"),
        "It must be none, starttls or tls.", "How the way to the mail server is protected.",
    ),
    Setting("mail.user", "CARESHAPE_MAIL_USER", "", _text, "It must be text.", "Name at the mail server."),
    Setting(
        "mail.password", "CARESHAPE_MAIL_PASSWORD", "", _text, "It must be text.", "Password at the mail server.",
        secret=True,
    ),
    Setting(
        "log.level", "CARESHAPE_LOG_LEVEL", "info", _one_of("debug", "info", "warning", "error"),
        "It must be debug, info, warning or error.", "What is written to the log: this and what is graver.",
    ),
    Setting(
        "log.format", "CARESHAPE_LOG_FORMAT", "text", _one_of("text", "json"), "It must be text or json.",
        "Lines for people, or one JSON object a line.",
    ),
    Setting(
        "worker.on", "CARESHAPE_WORKER", True, _truth, _TRUTH,
        "`careshape serve` runs a worker for background work; false where `careshape worker` runs by itself.",
    ),
    Setting(
        "upload.limit_mb", "CARESHAPE_UPLOAD_LIMIT_MB", 500, _whole(1, 100_000),
        "It must be a whole number of megabytes from 1 to 100,000.", "Largest file that may be uploaded.",
    ),
    Setting(
        "audit.anchors", "CARESHAPE_AUDIT_ANCHORS", "", _path, "It must be a path.",
        "Folder into which the heads of the audit log are written every day; by default `anchors` in the data folder. "
        "It serves best where nobody who can write to the database can write.",
    ),
    Setting(
        "backup.folder", "CARESHAPE_BACKUP_FOLDER", "", _path, "It must be a path.",
        "Where backups are kept, for `careshape doctor` to look at their age.",
    ),
    Setting(
        "backup.hours", "CARESHAPE_BACKUP_HOURS", 26, _whole(1, 8760),
        "It must be a whole number of hours from 1 to 8,760.",
        "The latest backup is old after so many hours.",
    ),
)  # fmt: skip
"""All settings, in the order of the reference page."""
