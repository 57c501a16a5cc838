"""Stories as files: a year of the portal played through its own services under one clock."""
