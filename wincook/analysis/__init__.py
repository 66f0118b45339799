"""Errors: predicted, bounded, measured."""
