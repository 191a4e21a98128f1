"""The folder a county works in: made, moved on to the next year, filled with forms and tables. Builds no document."""
