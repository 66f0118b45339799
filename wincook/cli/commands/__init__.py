"""The commands, one module each; a module is named as its command, and imported when that is run."""
