"""Values as tables for people, plain data for programs, and pictures."""
