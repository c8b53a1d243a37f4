"""What goes with each feature of the catalog."""

from orion.testing.features import gone_without, stage, text

__all__ = ["stage"]

test_what_goes_with_a_feature = gone_without(
    "catalog",
    {"platform_prices": [text("/vendor/WIZAMART/products/*/platforms", 'inputmode="decimal"')]},
)
