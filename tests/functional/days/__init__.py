"""Days of programmes, their numbers, video calls, after-school rooms."""
