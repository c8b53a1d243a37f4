"""What a vendor does without, of what its platforms give it: for the page where its team says so."""

from orion.product.choices import Group, Offer, Switch, Withheld, choose, chosen_off, offer, put_back

__all__ = ["Group", "Offer", "Switch", "Withheld", "choose", "chosen_off", "offer", "put_back"]
