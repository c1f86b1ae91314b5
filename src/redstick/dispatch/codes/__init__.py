"""The agency's own words for kinds of incidents and dispositions, mapped onto the common codes (APCO ANS lists)."""
