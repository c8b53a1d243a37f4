"""The web: gate, shell, pages and fragments, lists, errors, headers, assets."""
