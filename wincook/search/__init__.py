"""The search for points of small error."""
