"""What goes with each feature of the content module."""

from orion.testing.features import gone_without, page, stage, text

__all__ = ["stage"]

PAGES = "/vendor/WIZAMART/pages"

test_what_goes_with_a_feature = gone_without(
    "cms",
    {
        "cms_media": [
            page("/vendor/WIZAMART/media"),
            page("/admin/media"),
            text(PAGES, "/vendor/WIZAMART/media"),
            text("/vendor/WIZAMART/", "cms.media_files"),
            text("/admin/", "cms.media_size"),
        ],
        "cms_scheduling": [text(f"{PAGES}/*/publish", 'type="time"')],
        "cms_versions": [page(f"{PAGES}/*/versions"), text(f"{PAGES}/*", "/versions")],
        "cms_shop": [page("/shop/WIZAMART/pages/returns")],
    },
)
