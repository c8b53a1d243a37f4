"""What goes with each feature of the customers module."""

from orion.testing.features import gone_without, page, stage, text

__all__ = ["stage"]

LIST = "/vendor/WIZAMART/customers"

test_what_goes_with_a_feature = gone_without(
    "customers",
    {
        "customer_view": [
            page(LIST),
            page("/admin/customers"),
            text("/vendor/WIZAMART/", LIST),
            text("/admin/vendors/WIZAMART", "customers-newest"),
        ],
        "customer_export": [text(LIST, "export=csv"), text(f"{LIST}/*", "/file")],
        "customer_profiles": [page(f"{LIST}/*"), page("/admin/customers/*")],
        "customer_segmentation": [page(f"{LIST}/segments"), text(LIST, 'value="untag"')],
        "customer_addresses": [page(f"{LIST}/*/addresses/new"), text(f"{LIST}/*", "/addresses/new")],
    },
)
