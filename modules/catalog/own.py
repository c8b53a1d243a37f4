"""The table of products that Orion itself writes, as an import knows it."""

from orion.contracts.tabular import MASKED, Format, InLanguages

#: What stands in a column of its own for each language, as in `Title (fr)`.
SPOKEN = {
    "Title": "title",
    "Description (Markdown)": "description",
    "Type": "type",
    **{f"Option{n} Name": f"option{n}_name" for n in (1, 2, 3)},
    **{f"Option{n} Value": f"option{n}_value" for n in (1, 2, 3)},
}
FORMAT = Format(
    "Orion",
    signature=("Handle", "Description (Markdown)", "Weight in grams"),
    columns={
        "description": "Description (Markdown)",
        "compare_at": "Price before",
        "weight": "Weight in grams",
        "image": "Image",
        "image_alt": "Image text",
        "texts": "Texts",
    },
    options={"continued": True, "markdown": True, MASKED: True},
    decimal=".",
    shapes=(InLanguages("Texts", SPOKEN, masked=True),),
)
