"""The processes of tasks: started, read, measured, and ended with everything that they started."""
