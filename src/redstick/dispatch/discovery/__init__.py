"""Error discovery: incidents whose address may have been wrong, found in the record, each reviewed by a person."""
