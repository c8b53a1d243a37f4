"""What of a product can be translated, what its translations lack, and which one a reader gets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from modules.catalog.models import Image, Product
from orion.contracts.texts import fallbacks, stamp_of

#: What is said (see `Original.key`) → the text in another language, and the stamp of the original that it is
#: a translation of.
Texts = Mapping[str, Sequence[str]]
#: Option names with their values, in the order of a product.
Options = Sequence[tuple[str, Sequence[str]]]


@dataclass(frozen=True, slots=True)
class Original:
    """Something that a product says and that can be translated.

    `key` is what it is: `title`, `description`, `type`, `option:Colour`, `value:Red`, or `alt:` with the key
    of an image. Words that a product varies in are their own keys, as their rows are made anew.
    """

    key: str
    text: str

    @property
    def stamp(self) -> str:
        """Tells whether it is the text that was translated."""
        return stamp_of(self.text)

    def state(self, texts: Texts) -> str:
        """`missing`, `outdated`, or nothing where its translation is right."""
        said = texts.get(self.key)
        if not said:
            return "missing"
        return "" if said[1] == self.stamp else "outdated"


def originals(product: Product, options: Options, images: Sequence[Image]) -> list[Original]:
    """What a product says and that has a letter in it: sizes like 38 are the same everywhere."""
    found = {name: getattr(product, name) for name in ("title", "description", "type")}
    for name, values in options:
        found[f"option:{name}"] = name
        found |= {f"value:{value}": value for value in values}
    found |= {f"alt:{image.key}": image.alt for image in images}
    return [Original(key, text) for key, text in found.items() if any(c.isalpha() for c in text)]


def count(said: Sequence[Original], texts: Texts) -> tuple[int, int]:
    """How many translations are missing, and how many are out of date."""
    states = [one.state(texts) for one in said]
    return states.count("missing"), states.count("outdated")


def pick(there: Mapping[str, Texts], wish: str, key: str) -> tuple[str, str] | None:
    """The text in the language that is wished for, or in a wider one, and its language: of `there`, texts by
    language. None where the original must do."""
    for language in fallbacks(wish):
        if said := there.get(language, {}).get(key):
            return said[0], language
    return None
