"""Data files that declare things."""

from decimal import Decimal

import pytest
from pydantic import BaseModel, ConfigDict, Field, field_validator

from careshape.declared import declared, read_toml
from careshape.errors import CatalogueError


class Sample(BaseModel):
    """A schema with one field of each kind of rule."""

    model_config = ConfigDict(extra="forbid")

    id: str = Field(pattern=r"^[a-z]+$")
    number: int = 1
    even: int = 2

    @field_validator("even")
    @classmethod
    def _even(cls, given: int) -> int:
        if given % 2:
            raise ValueError("It must be even")
        return given


def test_declared_gives_the_entry():
    assert declared(Sample, {"id": "a", "number": 3}, "x.toml").number == 3


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ({}, "x.toml: entry '-', field 'id' has value None. The field is required."),
        ({"id": "A"}, "x.toml: entry 'A', field 'id' has value 'A'. It must look like ^[a-z]+$."),
        ({"id": 5}, "entry '5', field 'id' has value 5. It must be a piece of text."),
        ({"id": "a", "number": "x"}, "entry 'a', field 'number' has value 'x'."),
        ({"id": "a", "colour": 1}, "There is no such field here. An entry holds id, number, even."),
        ({"id": "a", "even": 3}, "field 'even' has value 3. It must be even."),
        ("a", "It must be a table of fields"),
    ],
)
def test_declared_names_file_entry_field_value_and_rule(raw, words):
    with pytest.raises(CatalogueError) as caught:
        declared(Sample, raw, "x.toml")
    assert words in str(caught.value)


def test_declared_takes_the_name_of_an_entry_that_has_no_id():
    with pytest.raises(CatalogueError, match="entry 'number 4'"):
        declared(Sample, {}, "x.toml", "number 4")


def test_read_toml_reads_numbers_as_asked():
    assert read_toml("a = 0.1", "x.toml", Decimal) == {"a": Decimal("0.1")}


def test_read_toml_names_the_file_and_the_fault():
    with pytest.raises(CatalogueError, match=r"x\.toml.*must be a file of TOML"):
        read_toml("a = ", "x.toml")
