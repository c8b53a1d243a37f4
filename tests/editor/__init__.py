"""What an editor that speaks JSON Schema says of manifests."""
