"""rosters 台账: declared lists of records with history, filters, map, import, export, masks and an API."""
