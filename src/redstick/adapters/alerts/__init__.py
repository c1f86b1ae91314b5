"""Ways to tell people: a webhook over HTTP, e-mail over SMTP."""
