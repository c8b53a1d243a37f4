"""Who may sign in to the demo: everybody knows these logins, so nothing but a demo has them."""


def N_(text: str) -> str:
    """Mark a text for the catalogs; it is translated where it is shown."""
    return text


PASSWORD = "orion-demo"
LOGINS = (
    ("admin@orion.example", N_("the whole installation")),
    ("platform@orion.example", N_("administrator of the platform oms alone")),
    ("owner@orion.example", N_("owner of WIZAMART, on two platforms")),
    ("staff@orion.example", N_("WIZAMART, may only see orders and products")),
    ("books@orion.example", N_("owner of LUXBOOKS")),
)
