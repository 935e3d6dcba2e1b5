"""Tables that anyone can hand over: from text to one column of numbers in order, and a report on what was read.

Every decision is taken for a whole column, never for a cell, and said; where two readings are possible, `Reading` names
the one to take.
"""

from rnncore.tables.reading import Reading
from rnncore.tables.series import Series, read_column
from rnncore.tables.table import Table, read_table

__all__ = ["Reading", "Series", "Table", "read_column", "read_table"]
