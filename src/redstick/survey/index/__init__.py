"""A composite index from answers to ranks: each stage a pure function on arrays, each rank with how sure it is.

Words, after the OECD/JRC Handbook on Constructing Composite Indicators (2008): an *indicator* is one answer or figure
of each place; indicators are gathered in *groups*, groups in groups, up to one root, the *index*. The stages are
denominate, impute, treat, normalise, aggregate, rank; a `Plan` holds them as an `IndexModel` declares them.
"""
