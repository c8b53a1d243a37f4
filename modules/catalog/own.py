"""The table of products that Orion itself writes, as an import knows it."""

from orion.contracts.tabular import MASKED, Format

FORMAT = Format(
    "Orion",
    signature=("Handle", "Description (Markdown)", "Weight in grams"),
    columns={
        "description": "Description (Markdown)",
        "compare_at": "Price before",
        "weight": "Weight in grams",
        "image": "Image",
        "image_alt": "Image text",
    },
    options={"continued": True, "markdown": True, MASKED: True},
    decimal=".",
)
