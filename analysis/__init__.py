"""Questions about datasets, answered once and kept."""
