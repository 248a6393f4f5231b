"""Background work: one row a piece; claimed, kept alive, shown, cancelled and taken over when its worker dies."""
