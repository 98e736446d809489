"""A column of text: each distinct text once, and which of them every row has."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Cells:
    """
    A column, (n,): `code` of each row, and the text of each code without the space around it.

    Texts that differed by such space only are there twice.
    """

    code: Ints
    distinct: pa.StringArray

    @classmethod
    def of(cls, column: pa.Array) -> Cells:
        """Return a column of text, dictionary-encoded or not, without nulls."""
        if not pa.types.is_dictionary(column.type):
            column = column.dictionary_encode()
        code = column.indices.to_numpy(zero_copy_only=False).astype(np.int64)
        return cls(code, pc.utf8_trim_whitespace(column.dictionary.cast(pa.string())))

    @classmethod
    def of_texts(cls, texts: Sequence[str]) -> Cells:
        """
        Return a column of these texts.

        >>> Cells.of_texts(["b", " a", "b"]).code.tolist()
        [0, 1, 0]
        """
        return cls.of(pa.array(texts, type=pa.string()))

    def __len__(self) -> int:
        return len(self.code)

    def __getitem__(self, row: int) -> str:
        return str(self.distinct[int(self.code[row])])

    @property
    def blank(self) -> Bools:
        """Which rows have no text, (n,)."""
        return self.taken(pc.equal(self.distinct, "").to_numpy(zero_copy_only=False))

    def taken(self, of_distinct: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Return for each row what its text has, (n,)."""
        return of_distinct[self.code]

    def numbers(self, parse: Callable[[str], float]) -> Floats:
        """Return each row's text as a number, each distinct text parsed once, (n,)."""
        return self.taken(np.array([parse(text) for text in self.distinct.to_pylist()], dtype=np.float64))
