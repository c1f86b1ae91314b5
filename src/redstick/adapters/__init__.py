"""One file or folder per thing of the outside world."""
