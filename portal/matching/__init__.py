"""Who fits which need, why, and the best of all assignments at once (PN)."""
