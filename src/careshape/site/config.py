"""The one configuration of an installation: a file ``careshape.toml``, environment variables, and defaults.

What stands in the environment goes before what stands in the file. The file is the one that CARESHAPE_CONFIG names, or
``careshape.toml`` beside the data folder. Every value is checked when it is read, and an error names the key, the value
and the rule. The settings are declared in ``careshape.site.options``, from which the reference page is written.
"""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from careshape.errors import CallError
from careshape.home import DEFAULT
from careshape.site.options import SETTINGS, Setting

FILE: Final = "careshape.toml"
VARIABLE: Final = "CARESHAPE_CONFIG"
"""Names the configuration file."""
FOLDER: Final = "CARESHAPE_DIR"


@dataclass(frozen=True)
class Configuration:
    """What an installation is set to."""

    values: Mapping[str, Any]
    """Key of the file, such as ``database.url`` -> value."""
    given: Mapping[str, str]
    """Key -> where its value was given, for those that are not defaults: a variable, or the file."""
    file: Path | None

    def __getitem__(self, key: str) -> Any:
        return self.values[key]


def configuration(environment: Mapping[str, str] | None = None) -> Configuration:
    """Read and check the configuration.

    Raises CallError for a file that is no TOML, for a key that there is not, and for a value against its rule.
    """
    environment = os.environ if environment is None else environment
    file = config_file(environment)
    written = _flat(_read(file), "") if file else {}
    _check_keys(written, file)
    values: dict[str, Any] = {}
    given: dict[str, str] = {}
    for setting in SETTINGS:
        values[setting.key], where = _value(setting, environment, written, file)
        if where:
            given[setting.key] = where
    return Configuration(values, given, file)


def config_file(environment: Mapping[str, str] | None = None) -> Path | None:
    """The configuration file; None where there is none. Raises CallError where the one that is named is not there."""
    environment = os.environ if environment is None else environment
    if named := environment.get(VARIABLE):
        if not Path(named).is_file():
            raise CallError(f"{VARIABLE} has value '{named}'. There is no such file: correct it, or leave it out.")
        return Path(named).resolve()
    beside = Path(environment.get(FOLDER) or DEFAULT).resolve().parent / FILE
    return beside if beside.is_file() else None


def carry(environment: Mapping[str, str] | None = None) -> None:
    """Put what the file sets into the environment, for parts that read only that, where it is not there already."""
    if config_file(environment) is None:
        return
    found = configuration(environment)
    for setting in SETTINGS:
        if setting.carried and setting.key in found.given and setting.variable not in os.environ:
            os.environ[setting.variable] = str(found[setting.key])


def _value(
    setting: Setting, environment: Mapping[str, str], written: Mapping[str, Any], file: Path | None
) -> tuple[Any, str]:
    """The value of a setting and where it was given; an empty variable counts as one that is not set."""
    if environment.get(setting.variable):
        return _checked(setting, environment[setting.variable], setting.variable, Path.cwd()), setting.variable
    if setting.key in written:
        assert file is not None
        if setting.secret:
            raise CallError(
                f"{file}: '{setting.key}' is a secret, and the file is no place for one. Set {setting.variable}, "
                "or name a file that only its owner reads."
            )
        return _checked(setting, written[setting.key], f"{file}: '{setting.key}'", file.parent), str(file)
    return _checked(setting, setting.default, setting.key, Path.cwd()), ""


def _checked(setting: Setting, value: Any, name: str, base: Path) -> Any:
    try:
        return setting.read(value, base)
    except ValueError:
        shown = "***" if setting.secret else repr(value)
        raise CallError(f"{name} has value {shown}. {setting.rule}") from None


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CallError(f"{file} cannot be read: {error}. It must be a file of TOML, written as UTF-8.") from None


def _flat(tables: Mapping[str, Any], before: str) -> dict[str, Any]:
    """Keys of nested tables joined by dots."""
    found: dict[str, Any] = {}
    for name, value in tables.items():
        found |= _flat(value, f"{before}{name}.") if isinstance(value, dict) else {f"{before}{name}": value}
    return found


def _check_keys(written: Mapping[str, Any], file: Path | None) -> None:
    known = [setting.key for setting in SETTINGS]
    for key, value in written.items():
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1)
            hint = f" Did you mean '{near[0]}'?" if near else f" There are {', '.join(known)}."
            raise CallError(f"{file}: '{key}' has value {value!r}. There is no such setting.{hint}")
