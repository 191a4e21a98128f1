"""Processes in which documents are made: started, limited, watched, ended. They know no figure and publish nothing."""
