"""Who is answered next, and by whom: plain functions of the state, each with what it promises."""
