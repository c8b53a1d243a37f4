"""What goes with each feature of the orders module."""

from pathlib import Path

from orion.testing.features import Stage, gone_without, page, stage, text

__all__ = ["stage"]

LIST = "/vendor/WIZAMART/orders"
HISTORY = "Order no,Date,SKU,Quantity,Unit price\nF-1,2011-03-01,a,2,1.50\n"


def import_is_taken(stage: Stage) -> bool:
    """That an order history goes in."""
    settings = stage.app.extensions["settings"]
    file = Path(settings.data) / "history.csv"
    file.write_text(HISTORY)
    return stage.run("orders", "import", str(file), "--vendor", "NORDGLAS").exit_code == 0


test_what_goes_with_a_feature = gone_without(
    "orders",
    {
        "order_entry": [page(f"{LIST}/new"), text(LIST, f"{LIST}/new")],
        "order_papers": [page(f"{LIST}/*/packing-slip"), text(f"{LIST}/*", "/packing-slip")],
        "order_import": [import_is_taken],
        "order_history": [text("/vendor/WIZAMART/customers/*", "orders-history")],
    },
)
