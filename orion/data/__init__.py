"""The database: sessions, the tenant wall, migrations, data versions, rollups, bookkeeping."""
