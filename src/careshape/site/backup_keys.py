"""A copy of the keys: the secret of the site, the key of the pseudonyms and the keys of people, in a file of its own.

They are in no backup of the data: who finds one of the two files can then read nothing of it that leads to a person.
"""

from __future__ import annotations

import os
import secrets
import zipfile
from pathlib import Path
from typing import Final

from careshape.errors import CallError
from careshape.home import Home
from careshape.ledger.durable import flush
from careshape.ledger.pseudonym import key_path, people_folder
from careshape.site.secret import secret_path

README: Final = (
    "The keys of an installation of careshape. Put site.secret where secret.file says, pseudonym.key where key.file\n"
    "says, and the folder people beside pseudonym.key. Keep this file where no backup of the data is.\n"
)


def backup_keys(home: Home, path: Path, backups: Path | None) -> list[str]:
    """Write a copy of every key to a new file that only its owner may read; returns what is in it.

    ``backups`` is the folder in which backups of the data are kept. Raises CallError where the file is there already,
    lies in the data folder or among those backups, and where there is no key yet.
    """
    path = path.resolve()
    if path.exists():
        raise CallError(f"{path} is there already, and a copy of keys is never written over. Name a new file.")
    for folder, what in ((home.path, "the data folder"), (backups, "the folder of the backups")):
        if folder is not None and path.is_relative_to(folder.resolve()):
            raise CallError(f"{path} lies in {what}, and keys must not lie beside what they protect. Name another.")
    if not path.parent.is_dir():
        raise CallError(f"The folder {path.parent} is not there. Make it, or name another.")
    found = keys(home)
    if not found:
        raise CallError("There is no key yet: they are made when they are first needed.")
    draft = path.with_name(f".{path.name}.{secrets.token_hex(6)}.new")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file, zipfile.ZipFile(file, "w") as archive:
            archive.writestr("README.txt", README)
            for name, source in found.items():
                archive.writestr(name, source.read_bytes())
        flush(draft)
        draft.rename(path)
        flush(path.parent)
    finally:
        draft.unlink(missing_ok=True)
    return list(found)


def keys(home: Home) -> dict[str, Path]:
    """The files of keys that are there, under their names in the copy."""
    found = {"site.secret": secret_path(), "pseudonym.key": key_path()}
    for council in home.authorities():
        folder = people_folder(council)
        found |= {f"people/{council}/{path.name}": path for path in sorted(folder.glob("*")) if path.name != "lock"}
    return {name: path for name, path in found.items() if path.is_file()}
