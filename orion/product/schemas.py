"""The schemas of manifests with what there is in this installation."""

from typing import Any

from orion.installation import Installation
from orion.manifest.schema import installation_schema, platform_schema
from orion.manifest.texts import texts_of


def schemas(here: Installation) -> dict[str, dict[str, Any]]:
    """`module` and `platform`, for editors."""
    manifests = here.registry.manifests.values()
    declared = {one.id for manifest in manifests for one in manifest.permissions}
    module = installation_schema(
        icons=sorted(here.icons or ()),
        routes=sorted(spec.rule for spec in here.pages.values() if "GET" in spec.methods),
        permissions=sorted(here.registry.permissions | declared),
        metrics=sorted(one.query for manifest in manifests for one in manifest.metrics),
    )
    platform = platform_schema(
        modules={one.code: one.description for one in manifests},
        features={one.full_id: one.description for manifest in manifests for one in manifest.features},
        labels={one.context: one.text for manifest in manifests for one in texts_of(manifest)},
    )
    return {"module": module, "platform": platform}
