"""The table of order lines that Orion itself writes, as an import knows it."""

from orion.contracts.tabular import MASKED, Format

FORMAT = Format(
    "Orion", signature=("Order number", "Kind", "Line total"), options={MASKED: True}, decimal="."
)
