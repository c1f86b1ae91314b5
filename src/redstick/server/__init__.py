"""The ASGI application: routes, the seat stream, the static console."""
