"""The declarations: questions, checks, indicators, seasons, marks, exclusions. Declares; reads and computes nothing."""
