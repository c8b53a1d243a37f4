"""Where requests come from."""

from ipaddress import ip_address, ip_network


def prefix_of(address: str | None) -> str:
    """Where a request comes from, coarsely: `192.0.2.0/24`, `2001:db8::/48`, or nothing."""
    try:
        parsed = ip_address(address or "")
    except ValueError:
        return ""
    return str(ip_network((parsed, 24 if parsed.version == 4 else 48), strict=False))
