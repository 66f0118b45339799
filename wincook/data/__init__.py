"""Files of data, not believed: what they claim is checked before memory is taken, and nothing in them is run."""
