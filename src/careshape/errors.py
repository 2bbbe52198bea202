"""The errors that careshape raises for what a person can put right."""


class CareshapeError(Exception):
    """Root of every error whose message is meant for the person at the keyboard."""


class CatalogueError(CareshapeError):
    """A catalogue or declaration file breaks its schema; the message names file, entry, field, value and rule."""

    def __init__(self, file: str, entry: str, field: str, value: object, rule: str) -> None:
        self.file, self.entry, self.field, self.value, self.rule = file, entry, field, value, rule
        # What breaks a rule between fields has no field and no value of its own.
        at = "" if field == "entry" and value is None else f", field '{field}' has value {value!r}."
        super().__init__(f"{file}: entry '{entry}'{at or ':'} {rule}")


class InputError(CareshapeError):
    """The input has faults (exit code 1): a file, a row or a value is not what it should be."""


class CallError(CareshapeError):
    """The call is wrong (exit code 2): an unknown name, a missing option, two options that exclude each other."""
