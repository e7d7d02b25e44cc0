"""Many letters: the build folder and what is written there."""
