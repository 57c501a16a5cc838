"""The background: what each kind of job does, when periodic ones fall due, who runs them."""
