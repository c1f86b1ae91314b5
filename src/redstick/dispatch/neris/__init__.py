"""Hand-off of incidents to NERIS, the national emergency response information system of the United States."""
